import { suite } from "uvu";
import * as assert from "uvu/assert";
import { connect, forget, makeKeys, NODE, once, run, startLab, stopAll, type TestLab, until } from "./lab-node.ts";

const keys = makeKeys();
const test = suite("lab nodes that cut themselves off");
test.after(stopAll);

/** An address in another subnet: nobody can speak to the node any more. */
const WRONG = "network: { version: 2, ethernets: { eno1: { addresses: [10.99.0.1/24] } } }\n";
const ROLLBACK = `# back to what it was
cp -p -- /run/underlay/file-1 /etc/netplan/50-cloud-init.yaml
netplan apply
`;

/** Arms the node's own way back. In one line with what cuts the node off, so that a slow machine cannot let it fire in between. */
const ARM =
  "sudo -n -- systemd-run --quiet --collect --unit=underlay-rollback --on-active=2s --timer-property=AccuracySec=100ms -- " +
  "/bin/sh /run/underlay/rollback";

/** Files for a change that does not work, and the script that takes it back. */
async function prepare(lab: TestLab): Promise<void> {
  for (const [line, input] of [
    ["install -d -m 0700 -- /run/underlay", ""],
    ["cp -p -- /etc/netplan/50-cloud-init.yaml /run/underlay/file-1", ""],
    ["install -m 0700 -- /dev/null /run/underlay/rollback", ""],
    ["tee -- /run/underlay/rollback", ROLLBACK],
    ["tee -- /etc/netplan/50-cloud-init.yaml", WRONG],
    ["netplan generate", ""],
  ] as const) {
    const answer = await once(lab, NODE.name, `sudo -n -- ${line}`, input);
    assert.is(answer.exitCode, 0, `${line}: ${answer.stderr}`);
  }
}

async function canReach(lab: TestLab): Promise<boolean> {
  const client = await connect(lab, NODE.name).catch(() => undefined);
  client?.end();
  return client !== undefined;
}

test("apply cuts the connection off, new ones are refused, the node's own timer brings it back", async () => {
  const lab = await startLab(keys, [NODE]);
  const installed = lab.nodes.states();
  await prepare(lab);
  const client = await connect(lab, NODE.name);
  const lost = await run(client, `${ARM} && sudo -n -- netplan apply`);
  assert.is(lost.exitCode, undefined);
  assert.not.ok(await canReach(lab));
  await until(() => canReach(lab));
  assert.equal(lab.nodes.states(), installed);
  assert.equal(await once(lab, NODE.name, "systemctl is-active underlay-rollback.timer"), {
    exitCode: 3,
    stdout: "inactive\n",
    stderr: "",
  });
  await lab.stop();
  forget(lab);
});

test("a service started by systemd-run applies after the answer has gone out", async () => {
  const lab = await startLab(keys, [NODE]);
  await prepare(lab);
  const started = await once(lab, NODE.name, `${ARM} && sudo -n -- systemd-run --quiet --unit=underlay-apply -- netplan apply`);
  assert.is(started.exitCode, 0);
  await until(async () => !(await canReach(lab)));
  await until(() => canReach(lab));
  await lab.stop();
  forget(lab);
});

test("a stopped timer does not fire; a name is free again after it, and not before", async () => {
  const lab = await startLab(keys, [NODE]);
  const sh = (line: string) => once(lab, NODE.name, `sudo -n -- ${line}`);
  const timer = "systemd-run --quiet --unit=later --on-active=600s -- tee /etc/fired";
  assert.is((await sh(timer)).exitCode, 0);
  assert.match((await sh(timer)).stderr, "Unit later.timer was already loaded or has a fragment file.");
  assert.is((await sh("systemctl stop later.timer")).exitCode, 0);
  assert.equal(await sh("systemctl stop later.timer"), {
    exitCode: 5,
    stdout: "",
    stderr: "Failed to stop later.timer: Unit later.timer not loaded.\n",
  });
  assert.is((await sh("systemd-run --quiet --unit=sooner --on-active=100ms -- tee /etc/sooner")).exitCode, 0);
  await until(async () => (await sh("test -e /etc/sooner")).exitCode === 0);
  assert.is((await sh("test -e /etc/fired")).exitCode, 1);
  assert.is((await sh(timer)).exitCode, 0);
  assert.is((await sh("systemctl start --no-block later.service")).exitCode, 0);
  await until(async () => (await sh("test -e /etc/fired")).exitCode === 0);
  await lab.stop();
  forget(lab);
});

test("a timer that was armed before the lab stopped fires after it starts again", async () => {
  const first = await startLab(keys, [NODE]);
  await prepare(first);
  const client = await connect(first, NODE.name);
  await run(client, `${ARM} && sudo -n -- netplan apply`);
  await first.stop();
  const second = await startLab(keys, [NODE], { directory: first.directory });
  await until(() => canReach(second));
  await second.stop();
  forget(first);
});

for (const [what, line] of [
  ["the address moved to another tag", "ip link add link eno1 name eno1.311 type vlan id 311"],
  ["the link is down", "ip link set eno1 down"],
  ["the address is gone", "ip address del 192.168.2.4/24 dev eno1.310"],
] as const) {
  test(`a node cannot be reached when ${what}`, async () => {
    const lab = await startLab(keys, [NODE]);
    const client = await connect(lab, NODE.name, { username: "root" });
    if (line.includes("311")) {
      await run(client, line);
      await run(client, "ip link set eno1.311 up");
      await run(client, "ip address add 192.168.2.4/24 dev eno1.311");
      await run(client, "ip address del 192.168.2.4/24 dev eno1.310");
    } else await run(client, line);
    assert.not.ok(await canReach(lab));
    await lab.stop();
    forget(lab);
  });
}

test("one member of a bond is enough", async () => {
  const lab = await startLab(keys, [NODE]);
  const bonded =
    "network: { version: 2, ethernets: { eno1: {}, eno2: {} }, bonds: { bond0: { interfaces: [eno1, eno2], parameters: { mode: 802.3ad } } }, vlans: { bond0.310: { id: 310, link: bond0, addresses: [192.168.2.4/24] } } }\n";
  await once(lab, NODE.name, "sudo tee /etc/netplan/50-cloud-init.yaml", bonded);
  assert.is((await once(lab, NODE.name, "sudo netplan apply")).exitCode, 0);
  assert.is((await once(lab, NODE.name, "sudo ip link set eno1 down")).exitCode, 0);
  assert.ok(await canReach(lab));
  const client = await connect(lab, NODE.name);
  await run(client, "sudo ip link set eno2 down");
  assert.not.ok(await canReach(lab));
  await lab.stop();
  forget(lab);
});

test("the gateway answers a ping when the fabric says so, and a large one only up to the MTU", async () => {
  let answers = true;
  const lab = await startLab(keys, [NODE], { gatewayAnswers: (node) => node === NODE.name && answers });
  assert.is((await once(lab, NODE.name, "ping -n -c 1 -W 1 192.168.2.254")).exitCode, 0);
  assert.is((await once(lab, NODE.name, "ping -c 1 -W 1 -M do -s 1472 192.168.2.254")).exitCode, 0);
  const long = await once(lab, NODE.name, "ping -c 1 -W 1 -M do -s 1473 192.168.2.254");
  assert.equal([long.exitCode, long.stderr], [1, "ping: local error: message too long, mtu=1500\n"]);
  answers = false;
  assert.is((await once(lab, NODE.name, "ping -n -c 1 -W 1 192.168.2.254")).exitCode, 1);
  await lab.stop();
  forget(lab);
});

test.run();
