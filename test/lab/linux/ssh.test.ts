import { suite } from "uvu";
import * as assert from "uvu/assert";
import { connect, forget, makeKeys, NODE, once, run, startLab, stopAll, until } from "./lab-node.ts";

const keys = makeKeys();
const test = suite("lab nodes over SSH");
test.after(stopAll);

test("the user and root log in with the key and are who they say", async () => {
  const lab = await startLab(keys, [NODE]);
  assert.equal((await once(lab, NODE.name, "whoami")).stdout, "underlay\n");
  const root = await connect(lab, NODE.name, { username: "root" });
  assert.equal((await run(root, "whoami")).stdout, "root\n");
  root.end();
  await lab.stop();
  forget(lab);
});

test("another user, and a password where none is set, are refused", async () => {
  const lab = await startLab(keys, [NODE]);
  for (const login of [{ username: "nobody" }, { password: "x" }]) {
    const outcome = await connect(lab, NODE.name, login).then(
      () => "in",
      (error: Error) => error.message,
    );
    assert.match(outcome, "All configured authentication methods failed");
  }
  await lab.stop();
  forget(lab);
});

test("the sudo password logs in too, a wrong one does not", async () => {
  const lab = await startLab(keys, [{ ...NODE, sudoPassword: "open" }]);
  const client = await connect(lab, NODE.name, { password: "open" });
  client.end();
  const outcome = await connect(lab, NODE.name, { password: "Open" }).catch((error: Error) => error.message);
  assert.equal(outcome, "All configured authentication methods failed");
  await lab.stop();
  forget(lab);
});

test("unknown commands and shell features fail as a shell's do", async () => {
  const lab = await startLab(keys, [NODE]);
  assert.equal(await once(lab, NODE.name, "frobnicate now"), {
    exitCode: 127,
    stdout: "",
    stderr: "bash: line 1: frobnicate: command not found\n",
  });
  const piped = await once(lab, NODE.name, "cat /etc/hostname | wc");
  assert.equal(piped.exitCode, 2);
  assert.match(piped.stderr, "bash: -c: line 1:");
  assert.equal((await once(lab, NODE.name, "echo 'a  b' \"c'd\" e\\ f && false || echo no")).stdout, "a  b c'd e f\nno\n");
  await lab.stop();
  forget(lab);
});

test("more than ten sessions at once on a connection are refused", async () => {
  const lab = await startLab(keys, [NODE]);
  const client = await connect(lab, NODE.name);
  const all = await Promise.allSettled(Array.from({ length: 12 }, () => run(client, "sleep 0.3")));
  assert.is(all.filter((result) => result.status === "fulfilled").length, 10);
  client.end();
  await lab.stop();
  forget(lab);
});

test("node.drop_after loses the connection in that command, once", async () => {
  const lab = await startLab(keys, [NODE], { faults: { "node.drop_after": "2" } });
  const client = await connect(lab, NODE.name);
  assert.is((await run(client, "true")).exitCode, 0);
  assert.is((await run(client, "true")).exitCode, undefined);
  assert.is((await once(lab, NODE.name, "true")).exitCode, 0);
  await lab.stop();
  forget(lab);
});

test("node.down refuses connections to that node only", async () => {
  const other = { ...NODE, name: "worker-2", address: "192.168.2.6/24" };
  const lab = await startLab(keys, [NODE, other], { faults: { "node.down": "worker-2" } });
  assert.is((await once(lab, NODE.name, "true")).exitCode, 0);
  assert.is(await connect(lab, "worker-2").catch(() => "refused"), "refused");
  assert.equal(
    lab.nodes.states().map((state) => state.poweredOn),
    [true, false],
  );
  await lab.stop();
  forget(lab);
});

test("files, links and timers survive a restart of the lab; another inventory means another machine", async () => {
  const first = await startLab(keys, [NODE]);
  await once(first, NODE.name, "sudo tee /etc/motd", "hello\n");
  await once(first, NODE.name, "sudo ip link set eno2 mtu 4000");
  await once(first, NODE.name, "sudo systemd-run --unit=later --on-active=600s -- /bin/true");
  await first.stop();
  const second = await startLab(keys, [NODE], { directory: first.directory });
  assert.equal((await once(second, NODE.name, "cat /etc/motd")).stdout, "hello\n");
  assert.equal((await once(second, NODE.name, "cat /sys/class/net/eno2/mtu")).stdout, "4000\n");
  assert.equal((await once(second, NODE.name, "systemctl is-active later.timer")).stdout, "active\n");
  await second.stop();
  const third = await startLab(keys, [{ ...NODE, gateways: ["192.168.2.253"] }], { directory: first.directory });
  assert.is((await once(third, NODE.name, "cat /etc/motd")).exitCode, 1);
  await third.stop();
  forget(first);
});

test("listeners hear of a change of the network and not of one of files", async () => {
  const lab = await startLab(keys, [NODE]);
  let heard = 0;
  const stop = lab.nodes.onChange(() => (heard += 1));
  await once(lab, NODE.name, "sudo tee /etc/motd", "hello\n");
  assert.is(heard, 0);
  await once(lab, NODE.name, "sudo ip link set eno2 mtu 4000");
  assert.is(heard, 1);
  stop();
  await once(lab, NODE.name, "sudo ip link set eno2 mtu 4001");
  assert.is(heard, 1);
  await until(() => lab.nodes.states()[0]?.links.some((link) => link.mtu === 4001) === true);
  await lab.stop();
  forget(lab);
});

test.run();
