import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isObject } from "../../runner/json.ts";
import { mainPlaybook, type Outcome, workplace } from "../support/command.ts";

/** How much the fabric part asks of the controllers (issue Show 6): people share that APIC. */
const test = suite("requests to the APIC");
const place = workplace();
test.after(() => place.remove());

const run = () => place.underlay(["run", mainPlaybook, "--tags", "fabric", "-v", "--output", "json"]);

/** The `-v` line about the controllers. */
function requests(outcome: Outcome): Record<string, number> {
  const event = outcome.events.find((candidate) => candidate.event === "requests" && candidate.connection === "apic");
  assert.ok(event !== undefined && isObject(event.counts), outcome.stdout.slice(-2000) + outcome.stderr);
  const counts: Record<string, number> = {};
  if (isObject(event?.counts)) for (const [name, count] of Object.entries(event.counts)) counts[name] = Number(count);
  return counts;
}

/** Tasks of the fabric play that changed something. */
function changedTasks(outcome: Outcome): number {
  return outcome.events.filter((event) => event.event === "result" && event.status === "changed").length;
}

test("first run: one login, one POST per changed task, at most three requests per task", async () => {
  const first = await run();
  assert.is(first.code, 0, first.stdout.slice(-2000) + first.stderr);
  const counts = requests(first);
  const tasks = first.events.filter((event) => event.event === "task").length;
  assert.is(counts.login, 1);
  assert.is(counts.POST, changedTasks(first));
  assert.is(tasks, 13);
  assert.ok((counts.GET ?? 0) + (counts.POST ?? 0) <= 3 * tasks, JSON.stringify(counts));
});

test("second run: only GETs, one for each owned root", async () => {
  const second = await run();
  assert.is(changedTasks(second), 0);
  const counts = requests(second);
  assert.is(counts.POST ?? 0, 0);
  // The L3Out, the VRF, the timers, the ECMP policy, the prefix policy and the match rule.
  assert.is(counts.GET, 6);
  assert.is(counts.login, 1);
});

test.run();
