import { suite } from "uvu";
import * as assert from "uvu/assert";
import { commands } from "../../../lab/linux/commands/index.ts";
import { parseLine } from "../../../lab/linux/shell.ts";
import { type Answer, connect, forget, makeKeys, NODE, run, startLab, stopAll } from "./lab-node.ts";

const keys = makeKeys();
const test = suite("commands of lab nodes");
test.after(stopAll);

/** Lines run one after the other by root on one node, with what must come back: text or pattern, or an exit code and standard error. */
const LINES: readonly (readonly [
  line: string,
  expected: string | RegExp | readonly [exitCode: number, stderr: string | RegExp],
])[] = [
  ["hostname", "worker-1\n"],
  ["hostname -I", "192.168.2.4 \n"],
  ["uname -n", "worker-1\n"],
  ["id -u", "0\n"],
  ["id", "uid=0(root) gid=0(root) groups=0(root)\n"],
  ["which ip", "/usr/sbin/ip\n"],
  ["/usr/bin/whoami", "root\n"],
  ["ls /etc/netplan", "50-cloud-init.yaml\n"],
  ["ls -l /etc/netplan", /^total 0\n-rw------- 1 root root +\d+ 2026-01-01 00:00 50-cloud-init.yaml\n$/],
  ["ls /nowhere", [2, "ls: cannot access '/nowhere': No such file or directory\n"]],
  ["cat -- /nowhere", [1, "cat: /nowhere: No such file or directory\n"]],
  ["cat /etc", [1, "cat: /etc: Is a directory\n"]],
  ["cat /etc/hostname", "worker-1\n"],
  ["stat -c %a:%U:%F -- /etc/netplan/50-cloud-init.yaml", "600:root:regular file\n"],
  ["stat -c %a -- /nowhere", [1, "stat: cannot statx '/nowhere': No such file or directory\n"]],
  ["test -d /etc/netplan && test ! -e /nowhere && [ a = a ] && echo yes", "yes\n"],
  [
    "find /usr/sbin/netplan /etc/netplan /etc/cloud/cloud.cfg.d -maxdepth 1",
    "/usr/sbin/netplan\n/etc/netplan\n/etc/netplan/50-cloud-init.yaml\n/etc/cloud/cloud.cfg.d\n",
  ],
  ["find /nowhere /etc/netplan -maxdepth 0", [1, "find: ‘/nowhere’: No such file or directory\n"]],
  ["mkdir -p -m 700 /srv/a/b && stat -c %a /srv/a/b", "700\n"],
  ["mkdir /srv", [1, "mkdir: cannot create directory ‘/srv’: File exists\n"]],
  ["install -m 0640 -- /etc/hostname /srv/name && stat -c %a /srv/name", "640\n"],
  [
    "cp -p --backup=numbered -- /etc/hostname /srv/name && cp -p --backup=numbered -- /etc/hosts /srv/name && ls /srv",
    "a\nname\nname.~1~\nname.~2~\n",
  ],
  ["mv -f -T -- /srv/name /srv/moved && cat /srv/moved", /127\.0\.1\.1 worker-1/],
  ["mv /srv/gone /srv/x", [1, "mv: cannot stat '/srv/gone': No such file or directory\n"]],
  ["chmod 0600 /srv/moved && chown underlay:underlay /srv/moved && stat -c '%a %U %G' /srv/moved", "600 underlay underlay\n"],
  ["rm /srv/a", [1, "rm: cannot remove '/srv/a': Is a directory\n"]],
  ["rm -f -- /nowhere", ""],
  ["rm -r -f -- /srv && test -e /srv || echo gone", "gone\n"],
  ["sh -c 'false; echo after'", "after\n"],
  ["cat /sys/class/net/eno1/mtu", "1500\n"],
  ["ip link show eno1", /^2: eno1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP /],
  ["ip link show eno9", [1, 'Device "eno9" does not exist.\n']],
  ["ip -4 addr show dev eno1.310", /inet 192\.168\.2\.4\/24 brd 192\.168\.2\.255 scope global eno1\.310\n/],
  [
    "ip route",
    "default via 192.168.2.254 dev eno1.310 proto static \n192.168.2.0/24 dev eno1.310 proto kernel scope link src 192.168.2.4 \n",
  ],
  ["ip route get 8.8.8.8", /^8\.8\.8\.8 via 192\.168\.2\.254 dev eno1\.310 src 192\.168\.2\.4/],
  ["ip -j -6 route show default", "[ ]\n"],
  ["ip neigh", "192.168.2.254 dev eno1.310 lladdr 00:22:bd:f8:19:ff REACHABLE \n"],
  ["ip frobnicate", [1, 'Object "frobnicate" is unknown, try "ip help".\n']],
  ["ethtool eno1", /Speed: 25000Mb\/s[\s\S]*Link detected: yes/],
  ["ping -c 1 -W 1 192.168.2.77", [1, ""]],
  ["ping -6 -n -c 1 -W 1 fd00::9", [2, "ping: connect: Network is unreachable\n"]],
  ["ip -6 route show default", ""],
  ["ping -c 1 nowhere", [2, "ping: nowhere: Name or service not known\n"]],
  ["networkctl", /eno1\.310 +vlan +routable +configured/],
  ["systemctl is-active systemd-networkd", "active\n"],
  ["systemctl start nothing.service", [5, "Failed to start nothing.service: Unit nothing.service not found.\n"]],
  ["netplan get", /^network:\n {2}version: 2/],
  ["sleep soon", [1, "sleep: invalid time interval ‘soon’\n"]],
  [
    "ip link add bond7 type bond mode 802.3ad miimon 100 && ip link set eno2 master bond7 && cat /proc/net/bonding/bond7",
    /IEEE 802\.3ad[\s\S]*Slave Interface: eno2/,
  ],
  ["ip link set bond7 up && ip link set eno2 up && ip link show bond7", /<BROADCAST,MULTICAST,MASTER,UP,LOWER_UP>/],
  ["ip link delete dev bond7 && ip link show eno2", /^3: eno2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500/],
  ["ip link delete dev bond7", [1, 'Cannot find device "bond7"\n']],
];

const answers: Answer[] = [];
test.before(async () => {
  const lab = await startLab(keys, [NODE]);
  const client = await connect(lab, NODE.name, { username: "root" });
  for (const [line] of LINES) answers.push(await run(client, line));
  client.end();
  await lab.stop();
  forget(lab);
});

for (const [index, [line, expected]] of LINES.entries()) {
  test(line, () => {
    const answer = answers[index];
    if (typeof expected === "string") assert.equal(answer, { exitCode: 0, stdout: expected, stderr: "" });
    else if (expected instanceof RegExp) assert.match(answer?.stdout ?? "", expected);
    else {
      const [exitCode, stderr] = expected;
      assert.is(answer?.exitCode, exitCode);
      if (typeof stderr === "string") assert.is(answer?.stderr, stderr);
      else assert.match(answer?.stderr ?? "", stderr);
    }
  });
}

test("a user may neither read root's files nor change links", async () => {
  const lab = await startLab(keys, [NODE]);
  const client = await connect(lab, NODE.name);
  assert.equal(
    (await run(client, "cat /etc/netplan/50-cloud-init.yaml")).stderr,
    "cat: /etc/netplan/50-cloud-init.yaml: Permission denied\n",
  );
  assert.equal((await run(client, "stat -c %a /root/x")).stderr, "stat: cannot statx '/root/x': Permission denied\n");
  assert.equal((await run(client, "ip link set eno1 mtu 1400")).stderr, "RTNETLINK answers: Operation not permitted\n");
  assert.is((await run(client, "netplan apply")).exitCode, 1);
  assert.is((await run(client, "systemd-run --on-active=1s true")).exitCode, 1);
  client.end();
  await lab.stop();
  forget(lab);
});

test("every program is found by name and by its usual path", () => {
  assert.ok(commands.size > 30);
  for (const name of ["ip", "netplan", "systemd-run", "tee", "install"]) assert.ok(commands.has(name));
});

test("the shell's words: quotes, escapes, comments, and what is refused", () => {
  const words = (line: string) => {
    const parsed = parseLine(line);
    return parsed.ok ? parsed.commands.map((command) => command.words) : parsed.error;
  };
  assert.equal(words("a 'b c' \"d \\\" e\" f\\ g''"), [["a", "b c", 'd " e', "f g"]]);
  assert.equal(words("a '' # rest"), [["a", ""]]);
  assert.equal(words("a && b; c || d"), [["a"], ["b"], ["c"], ["d"]]);
  for (const line of ["a | b", "a > b", "a < b", "a $(b)", "a `b`", "a $B", 'a "$B"', "a *", "a & b", "(a)"]) {
    assert.match(String(words(line)), "plain commands only", line);
  }
  assert.match(String(words("a 'b")), "unexpected EOF");
  assert.match(String(words("a &&")), "unexpected end of file");
});

test.run();
