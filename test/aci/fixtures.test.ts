import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Change } from "../../runner/change.ts";
import type { ApicSession } from "../../runner/connect/apic/session.ts";
import type { Result } from "../../runner/result.ts";
import type { TaskPlan } from "../../runner/task-type.ts";
import { registry } from "../../tasks/index.ts";
import { type AciFixture, aciFixtures } from "../support/aci-fixtures.ts";
import { connectionsOf, sessionWith } from "../support/apic-session.ts";
import { type FakeApic, startFakeApic } from "../support/fake-apic.ts";
import { quiet } from "../support/progress.ts";

/** Every fixture: check mode predicts, a run does the same, a second run finds nothing, absent undoes it. */
const test = suite("aci fixtures");
let fake: FakeApic;

test.before(async () => {
  fake = await startFakeApic();
});
test.after(async () => {
  await fake.close();
});

async function plan(session: ApicSession, fixture: AciFixture, more: Record<string, unknown> = {}): Promise<Result<TaskPlan>> {
  const task = registry.get(fixture.task);
  const prepared = task?.prepare(structuredArgs({ ...fixture.args, ...more }), "apic1", false);
  if (prepared?.ok !== true || prepared.value.form !== "declared") throw new Error(`bad arguments: ${JSON.stringify(prepared)}`);
  return prepared.value.plan(connectionsOf(session));
}

/** Checking fills defaults in place, so every plan gets arguments of its own. */
function structuredArgs(args: Record<string, unknown>): Record<string, unknown> {
  return { ...args };
}

async function planned(session: ApicSession, fixture: AciFixture, more: Record<string, unknown> = {}): Promise<TaskPlan> {
  const result = await plan(session, fixture, more);
  if (!result.ok) throw new Error(`${result.failure.doing}: ${result.failure.message}`);
  return result.value;
}

function json(changes: readonly Change[]): unknown {
  return JSON.parse(JSON.stringify(changes));
}

async function inSession<T>(check: boolean, use: (session: ApicSession) => Promise<T>): Promise<T> {
  const session = sessionWith(fake, { check });
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

function reset(fixture: AciFixture): void {
  fake.tree.clear();
  for (const [dn, object] of fixture.found) fake.tree.set(dn, object);
}

const fixtures = aciFixtures();

for (const fixture of fixtures) {
  const { fails } = fixture;
  test(`${fixture.task}: ${fixture.name}`, async () => {
    reset(fixture);
    if (fails !== undefined) {
      const result = await inSession(true, (session) => plan(session, fixture));
      assert.not(result.ok);
      assert.match(result.ok ? "" : result.failure.message, fails);
      return;
    }
    await inSession(true, async (session) => {
      const predicted = await planned(session, fixture);
      assert.equal(json(predicted.changes), fixture.changes);
      saysWhy(predicted, fixture);
      predicted.project();
      assert.equal((await planned(session, fixture)).changes, [], "a later task sees the planned changes");
      assert.not((await predicted.apply(quiet)).ok, "check mode writes nothing");
    });
    assert.equal(new Map(fake.tree), new Map(fixture.found), "check mode left the tree alone");
    await inSession(false, async (session) => {
      const run = await planned(session, fixture);
      assert.equal(json(run.changes), fixture.changes, "a run does what check mode said");
      saysWhy(run, fixture);
      if (run.changes.length > 0) assert.equal(await run.apply(quiet), { ok: true, value: {} });
      for (const { action, target } of run.changes) {
        if (action === "create") assert.is(fake.tree.get(target)?.attributes.annotation, "orchestrator:underlay", target);
      }
      assert.equal((await planned(session, fixture)).changes, []);
    });
    await inSession(false, async (session) => {
      assert.equal((await planned(session, fixture)).changes, [], "a second run finds nothing to do");
    });
    await inSession(false, async (session) => {
      const undo = await planned(session, fixture, { state: "absent" });
      if (undo.changes.length > 0) assert.equal(await undo.apply(quiet), { ok: true, value: {} });
      assert.equal((await planned(session, fixture, { state: "absent" })).changes, []);
    });
    if (fixture.undo) assert.equal(tree(), found(fixture), "absent brought the tree back");
  });
}

function saysWhy({ warnings = [] }: TaskPlan, fixture: AciFixture): void {
  assert.is(warnings.length, fixture.warnings.length, JSON.stringify(warnings));
  for (const [index, words] of fixture.warnings.entries()) assert.ok(warnings[index]?.includes(words), warnings[index]);
}

function tree(): unknown {
  return Object.fromEntries([...fake.tree].sort().map(([dn, { attributes }]) => [dn, attributes]));
}

function found(fixture: AciFixture): unknown {
  return Object.fromEntries([...fixture.found].sort().map(([dn, { attributes }]) => [dn, attributes]));
}

test("every ACI task type has at least two fixtures", () => {
  for (const name of registry.keys()) {
    if (name.startsWith("aci.")) assert.ok(fixtures.filter(({ task }) => task === name).length >= 2, name);
  }
});

test.run();
