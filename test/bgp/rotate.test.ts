import { suite } from "uvu";
import * as assert from "uvu/assert";
import { rotate } from "../../tasks/bgp/rotate.ts";
import { quiet } from "../support/progress.ts";
import { NEW, OLD, type TwoSides, twoSides } from "./two-sides.ts";

const test = suite("a new password on both sides");

async function run(sides: TwoSides) {
  const told: string[] = [];
  const result = await rotate(sides.rotation, sides.writers, { ...quiet, tell: (text) => told.push(text) });
  const text = JSON.stringify([result, told]);
  for (const secret of [OLD, NEW]) assert.not.match(text, secret.reveal());
  return { result, told };
}

async function failureOf(sides: TwoSides) {
  const { result, told } = await run(sides);
  if (result.ok) throw new Error("it was done");
  return { failure: result.failure, told };
}

test("the fabric first, the cluster right behind it; each session's outage is measured and told", async () => {
  const sides = twoSides();
  const { result, told } = await run(sides);
  assert.equal(sides.written, ["fabric new", "cluster new"]);
  if (!result.ok) throw new Error(result.failure.message);
  assert.equal(result.value.outages.map(({ leaf, back }) => [leaf, back]).sort(), [
    ["leaf201", true],
    ["leaf202", true],
  ]);
  // The sides differed for an instant; the leaf's counter tells.
  assert.ok(result.value.longest > 0 && result.value.longest < 2, String(result.value.longest));
  assert.match(told.join("\n"), /worker-1 to leaf20\d \(IPv4\): [0-9.]+ s without a session/);
});

test("controllers that are out of service for a while are waited for: nothing is lost meanwhile", async () => {
  const sides = twoSides({ fabric: (write) => (write < 2 ? "refused" : undefined) });
  assert.ok((await run(sides)).result.ok);
  assert.equal(sides.written, ["fabric new", "cluster new"]);
});

test("a write that was accepted counts although it cannot be read back: the cluster follows at once", async () => {
  const sides = twoSides({ fabric: (write) => (write === 0 ? "lost answer" : undefined) });
  assert.ok((await run(sides)).result.ok);
  assert.equal(sides.written, ["fabric new", "cluster new"]);
});

test("a fabric that refuses the change: the cluster is not touched", async () => {
  const sides = twoSides({ fabric: () => "denied" });
  const { failure } = await failureOf(sides);
  assert.equal(sides.written, []);
  assert.match(failure.message, /^forbidden/);
  assert.match(failure.meaning ?? "", "the old password is in force on both sides, all 2 sessions are Established");
});

test("a cluster that refuses the change: the fabric gets the old password again", async () => {
  const sides = twoSides({ cluster: (_write, password) => (password === NEW ? "denied" : undefined) });
  const { failure } = await failureOf(sides);
  assert.equal(sides.written, ["fabric new", "fabric old"]);
  assert.match(failure.message, "the fabric has the old one, the cluster has the old one");
  assert.match(failure.message, /longest outage [0-9.]+ s/);
});

test("a kubectl that hangs: the fabric does not wait for it longer than the hold time", async () => {
  const sides = twoSides({ cluster: (write) => (write === 0 ? "hangs" : undefined) });
  const since = Date.now();
  const rolling = failureOf(sides);
  while (!sides.written.includes("fabric old") && Date.now() - since < 30_000)
    await new Promise((resolve) => setTimeout(resolve, 20));
  // The write to the cluster comes back only now.
  assert.equal(sides.written, ["fabric new", "fabric old"]);
  sides.letGo();
  const { failure } = await rolling;
  assert.match(failure.message, "not done 1 s after the fabric got it");
  assert.equal([sides.has("fabric"), sides.has("cluster")], ["old", "old"]);
});

test("sessions that do not come back: both get the old password again, and the failure says which sessions", async () => {
  const sides = twoSides({ useless: NEW });
  const { failure, told } = await failureOf(sides);
  assert.equal(sides.written, ["fabric new", "cluster new", "fabric old", "cluster old"]);
  assert.match(failure.message, "worker-1 to leaf201 (192.168.2.201), leaf202 (192.168.2.202): not Established on the leaf");
  assert.match(failure.meaning ?? "", "the old password is in force on both sides, all 2 sessions are Established");
  assert.match(told.join("\n"), "putting the old password back");
});

test("a way back that is blocked: which side has which password, and that running it again goes forward", async () => {
  const sides = twoSides({
    cluster: () => "denied",
    fabric: (_write, password) => (password === OLD ? "denied" : undefined),
  });
  const { failure } = await failureOf(sides);
  assert.match(failure.message, "the old password could not be put back");
  assert.match(failure.message, "the fabric has the new one, the cluster has the old one");
  assert.match(failure.meaning ?? "", "the sides may have different passwords, 2 of 2 sessions are not Established");
  assert.match(failure.next ?? "", "goes forward to the new password");
});

test("one side has the new password already: the other follows", async () => {
  const sides = twoSides();
  sides.give("fabric", NEW);
  assert.ok((await run(sides)).result.ok);
  assert.equal(sides.written, ["cluster new"]);
});

test.run();
