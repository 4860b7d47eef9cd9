import { suite } from "uvu";
import * as assert from "uvu/assert";
import { mainPlaybook, type Outcome, workplace } from "../support/command.ts";

/** The main job, through the real command: first run, second run, and that check mode tells the truth. */
const test = suite("main job");
const place = workplace();
test.after(() => place.remove());

const run = (...args: string[]) => place.underlay(["run", mainPlaybook, "--output", "json", ...args]);

/** What a check and a run must agree on. */
function changes(outcome: Outcome): string[] {
  return outcome.events
    .filter((event) => event.event === "change")
    .map(({ target, action, before, after }) => JSON.stringify({ target, action, before, after }))
    .sort();
}

function recap(outcome: Outcome): Record<string, unknown> {
  const last = outcome.events.at(-1);
  assert.is(last?.event, "recap", outcome.stderr + outcome.stdout.slice(-2000));
  return last ?? {};
}

let predicted: Outcome;

test("check predicts, and writes nothing", async () => {
  predicted = await run("--check");
  assert.is(predicted.code, 0, predicted.stdout.slice(-3000) + predicted.stderr);
  assert.ok(changes(predicted).length > 30, "a fresh fabric needs more than 30 changes");
  const again = await run("--check");
  assert.equal(changes(again), changes(predicted), "the first check changed nothing");
});

test("the first run changes what the check predicted, and every session comes up", async () => {
  const first = await run();
  assert.is(first.code, 0, first.stdout.slice(-3000) + first.stderr);
  const unknown = new Set(predicted.events.filter((event) => event.event === "unknown").map((event) => event.target));
  const expected = new Set(changes(predicted));
  const surprises = first.events.filter(
    (event) =>
      event.event === "change" &&
      !unknown.has(event.target) &&
      !expected.has(JSON.stringify({ target: event.target, action: event.action, before: event.before, after: event.after })),
  );
  assert.equal(surprises, [], "changes that the check neither predicted nor called unknown");
  const made = new Set(changes(first));
  assert.equal(
    changes(predicted).filter((change) => !made.has(change)),
    [],
    "predicted changes that the run did not make",
  );
  const messages = first.events.filter((event) => event.event === "message").map((event) => event.text);
  assert.ok(messages.includes("12 of 12 sessions Established"), JSON.stringify(messages));
  assert.is(
    messages.filter((text) => text === "3 of 3 sessions Established").length,
    4,
    "each leaf sees the three nodes of its rack",
  );
});

test("only what the planned release brings was unknown", () => {
  const unknown = predicted.events.filter((event) => event.event === "unknown");
  assert.ok(unknown.length > 0);
  for (const event of unknown)
    assert.match(
      String(event.reason),
      /only planned|check mode does not|does not serve .* yet|there are no calico-node pods yet/,
    );
});

test("the second run changes nothing, the password included", async () => {
  const second = await run();
  assert.is(second.code, 0, second.stdout.slice(-3000));
  assert.equal(changes(second), []);
  assert.is(recap(second).changes, 0);
});

test("a check after the run finds nothing either, and --exit-code agrees", async () => {
  const check = await run("--check", "--exit-code");
  assert.is(check.code, 0, check.stdout.slice(-3000));
  assert.equal(changes(check), []);
});

test("lab reset forgets everything: --exit-code says 5", async () => {
  assert.is((await place.underlay(["lab", "reset"])).code, 0);
  assert.is((await run("--check", "--exit-code", "--tags", "fabric")).code, 5);
});

test.run();
