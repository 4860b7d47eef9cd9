import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isObject } from "../../runner/json.ts";
import { mainPlaybook, type Outcome, workplace } from "../support/command.ts";

/** How much the fabric part asks of the controllers (issue Show 6): people share that APIC. */
const test = suite("requests to the APIC");
const place = workplace();
test.after(() => place.remove());

const run = (tag: string, ...args: string[]) =>
  place.underlay(["run", mainPlaybook, "--tags", tag, "-v", "--output", "json", ...args]);

/** The `-v` line about the controllers. */
function requests(outcome: Outcome): Record<string, number> {
  const event = outcome.events.find((candidate) => candidate.event === "requests" && candidate.connection === "apic");
  assert.ok(event !== undefined && isObject(event.counts), outcome.stdout.slice(-2000) + outcome.stderr);
  const counts: Record<string, number> = {};
  if (isObject(event?.counts)) for (const [name, count] of Object.entries(event.counts)) counts[name] = Number(count);
  return counts;
}

/** Tasks that changed something; of a loop each of its items, which are tasks of their own to the controllers. */
function changedTasks(outcome: Outcome): number {
  const results = outcome.events.filter((event) => event.event === "result");
  const loops = new Set(results.filter((event) => event.item !== undefined).map((event) => event.id));
  return results.filter((event) => event.status === "changed" && (event.item !== undefined || !loops.has(event.id))).length;
}

/** GETs of the preflight: ten questions, whatever is in the fabric and however large it is. */
const PREFLIGHT = 10;

test("preflight: ten GETs and no POST", async () => {
  const preflight = await run("preflight", "--limit", "apics");
  assert.is(preflight.code, 0, preflight.stdout.slice(-2000) + preflight.stderr);
  assert.equal(requests(preflight), { login: 1, GET: PREFLIGHT });
});

test("first run: one login, one POST per changed task, at most three requests per task", async () => {
  const first = await run("fabric");
  assert.is(first.code, 0, first.stdout.slice(-2000) + first.stderr);
  const counts = requests(first);
  const tasks = first.events.filter((event) => event.event === "task" && String(event.type).startsWith("aci.")).length;
  assert.is(tasks, 13);
  assert.is(changedTasks(first), tasks);
  assert.is(counts.login, 1);
  assert.is(counts.POST, tasks);
  assert.ok((counts.GET ?? 0) + (counts.POST ?? 0) <= 3 * tasks + PREFLIGHT, JSON.stringify(counts));
});

test("second run: only GETs, one for each owned root, and the preflight's", async () => {
  const second = await run("fabric");
  assert.is(second.code, 0, second.stdout.slice(-2000) + second.stderr);
  assert.is(changedTasks(second), 0);
  // The L3Out, the VRF, both domains, the timers, the ECMP policy, the prefix policy and the match rule.
  assert.equal(requests(second), { login: 1, GET: 8 + PREFLIGHT });
});

test.run();
