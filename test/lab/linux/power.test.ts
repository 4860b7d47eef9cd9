import { suite } from "uvu";
import * as assert from "uvu/assert";
import { setPower } from "../../../lab/linux/set-power.ts";
import type { LabNodeState } from "../../../lab/parts.ts";
import { StateFile } from "../../../lab/state.ts";
import { connect, forget, makeKeys, NODE, once, run, startLab, stopAll, type TestLab, until } from "./lab-node.ts";

const keys = makeKeys();
const test = suite("power of lab nodes");
test.after(stopAll);
/** A reboot in a tenth of its time. */
const FAST = { "time.speed": "10" };

function stateOf(lab: TestLab): LabNodeState {
  const [state] = lab.nodes.states();
  if (state === undefined) throw new Error("no node");
  return state;
}

/** What a machine goes through, as other parts of the lab hear of it: power and kubelet. */
function watch(lab: TestLab): string[] {
  const seen: string[] = [];
  lab.nodes.onChange(() => {
    const { poweredOn, kubelet } = stateOf(lab);
    const now = `${poweredOn ? "on" : "off"}${kubelet ? " kubelet" : ""}`;
    if (seen.at(-1) !== now) seen.push(now);
  });
  return seen;
}

test("a reboot ends the containers, then the connection; another boot ID, what only ip and memory knew is gone", async () => {
  const lab = await startLab(keys, [NODE], { faults: { "time.speed": "2" } });
  const client = await connect(lab, NODE.name);
  await run(client, "sudo ip link set dev eno1 mtu 1400 && sudo ip addr add 10.9.9.9/24 dev eno2");
  await run(client, "sudo tee /run/gone /etc/kept", "x");
  await run(client, "sudo systemd-run --unit=later --on-active=600s -- /bin/true");
  const before = (await run(client, "cat /proc/sys/kernel/random/boot_id")).stdout;
  const seen = watch(lab);
  const closed = new Promise<void>((resolve) => client.once("close", () => resolve()));
  client.on("error", () => {});
  assert.is((await run(client, "sudo systemctl reboot && systemctl is-system-running")).stdout, "stopping\n");
  await closed;
  assert.is(stateOf(lab).poweredOn, false);
  assert.is(await connect(lab, NODE.name).catch(() => "refused"), "refused");
  await until(() => stateOf(lab).kubelet);
  assert.equal(seen, ["on", "off", "on", "on kubelet"]);
  const after = await connect(lab, NODE.name);
  assert.is.not((await run(after, "cat /proc/sys/kernel/random/boot_id")).stdout, before);
  assert.match((await run(after, "uptime -s")).stdout, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\n$/);
  assert.is((await run(after, "cat /sys/class/net/eno1/mtu")).stdout, "1500\n");
  assert.is((await run(after, "hostname -I")).stdout, "192.168.2.4 \n");
  assert.is((await run(after, "systemctl is-active later.timer kubelet")).stdout, "inactive\nactive\n");
  assert.is((await run(after, "test -e /run/gone || cat /etc/kept")).stdout, "x");
  after.end();
  await lab.stop();
  forget(lab);
});

test("only root restarts a machine", async () => {
  const lab = await startLab(keys, [NODE], { faults: FAST });
  for (const line of ["reboot", "systemctl poweroff", "shutdown -r now"]) {
    const answer = await once(lab, NODE.name, line);
    assert.is(answer.exitCode, 1, line);
    assert.match(answer.stderr, "Interactive authentication required");
  }
  assert.ok(stateOf(lab).kubelet);
  await lab.stop();
  forget(lab);
});

test("node.stays_down: it does not come back, until the lab is started without the fault", async () => {
  const lab = await startLab(keys, [NODE], { faults: { ...FAST, "node.stays_down": NODE.name } });
  const { bootId } = stateOf(lab);
  await once(lab, NODE.name, "sudo reboot");
  await until(() => !stateOf(lab).poweredOn);
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.is(stateOf(lab).poweredOn, false);
  await lab.stop();
  const again = await startLab(keys, [NODE], { directory: lab.directory });
  assert.ok(stateOf(again).kubelet);
  assert.is.not(stateOf(again).bootId, bootId);
  await again.stop();
  forget(lab);
});

test("off stays off over a restart of the lab; switched on, it boots; a pulled plug stops nothing first", async () => {
  const first = await startLab(keys, [NODE], { faults: FAST });
  await once(first, NODE.name, "sudo shutdown -h now");
  await until(() => !stateOf(first).poweredOn);
  await first.stop();
  const lab = await startLab(keys, [NODE], { directory: first.directory, faults: FAST });
  assert.is(stateOf(lab).poweredOn, false);
  const seen = watch(lab);
  lab.nodes.power(NODE.name, true);
  await until(() => stateOf(lab).kubelet);
  lab.nodes.power(NODE.name, false);
  assert.equal(seen, ["off", "on", "on kubelet", "off"].slice(seen[0] === "off" ? 0 : 1));
  await lab.stop();
  forget(first);
});

test("the button of a lab that does not run: off at the next start, on again at the one after, nobody of that name", async () => {
  const first = await startLab(keys, [NODE]);
  const { bootId } = stateOf(first);
  const press = (node: string, power: "on" | "off") => setPower(StateFile.open(first.directory, "nodes"), node, power);
  await first.stop();
  assert.not(press("nobody", "off"));
  assert.ok(press(NODE.name, "off"));
  const off = await startLab(keys, [NODE], { directory: first.directory });
  assert.is(stateOf(off).poweredOn, false);
  await off.stop();
  assert.ok(press(NODE.name, "on"));
  const on = await startLab(keys, [NODE], { directory: first.directory });
  assert.ok(stateOf(on).poweredOn);
  assert.is.not(stateOf(on).bootId, bootId);
  await on.stop();
  forget(first);
});

test("boot ID and a kubelet that somebody stopped survive a restart of the lab", async () => {
  const first = await startLab(keys, [NODE]);
  const { bootId } = stateOf(first);
  await once(first, NODE.name, "sudo systemctl stop kubelet");
  assert.is(stateOf(first).kubelet, false);
  await first.stop();
  const second = await startLab(keys, [NODE], { directory: first.directory });
  assert.is(stateOf(second).bootId, bootId);
  assert.is((await once(second, NODE.name, "systemctl is-active kubelet")).stdout, "inactive\n");
  await once(second, NODE.name, "sudo systemctl start kubelet");
  assert.ok(stateOf(second).kubelet);
  await second.stop();
  forget(first);
});

test("a full-size ping is lost where the path is narrower, and refused where the link is", async () => {
  const gatewayAnswers = (_node: string, _gateway: string, bytes = 0) => bytes <= 1400;
  const lab = await startLab(keys, [NODE], { gatewayAnswers });
  const ping = (size: number) => once(lab, NODE.name, `ping -n -c 1 -W 1 -M do -s ${size} 192.168.2.254`);
  assert.is((await ping(1372)).exitCode, 0);
  assert.equal({ ...(await ping(1373)), stdout: "" }, { exitCode: 1, stdout: "", stderr: "" });
  assert.match((await ping(1473)).stderr, "ping: local error: message too long, mtu=1500");
  await lab.stop();
  forget(lab);
});

test.run();
