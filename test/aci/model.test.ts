import { suite } from "uvu";
import * as assert from "uvu/assert";
import { classTable } from "../../runner/connect/apic/class-table.ts";
import { isObject } from "../../runner/json.ts";
import { registry } from "../../tasks/index.ts";
import { aciFixtures } from "../support/aci-fixtures.ts";
import { metaOf, modelErrors } from "../support/aci-meta.ts";
import { connectionsOf, sessionWith } from "../support/apic-session.ts";
import { type FakeApic, startFakeApic } from "../support/fake-apic.ts";
import { quiet } from "../support/progress.ts";
import { sharedPath } from "../support/shared.ts";

/** Everything that is sent is held against the model's own metadata. */
const test = suite("aci model");
const folder = sharedPath("aci-meta");
if (folder === undefined) console.log("skipped: the APIC class metadata is not beside the checkout");
const withMeta = folder === undefined ? test.skip : test;
let fake: FakeApic;

test.before(async () => {
  fake = await startFakeApic();
});
test.after(async () => {
  await fake.close();
});

withMeta("names and defaults of the class table are the model's", () => {
  for (const [className, facts] of Object.entries(classTable)) {
    const meta = metaOf(folder ?? "", className);
    assert.is(facts.rn, meta.rnFormat, className);
    assert.is(facts.implicit ?? false, meta.isCreatableDeletable === "derived", className);
    for (const [property, value] of Object.entries(facts.defaults)) {
      assert.is(value, meta.properties[property]?.default, `${className}.${property}`);
    }
    for (const [property, { default: value, readOnly, isNaming }] of Object.entries(meta.properties)) {
      if (value === undefined || value === "" || readOnly === true || isNaming === true || SERVER_SIDE.has(property)) continue;
      assert.is(facts.defaults[property], value, `${className}.${property} is missing in the table`);
    }
  }
});

const SERVER_SIDE: ReadonlySet<string> = new Set(["lcOwn", "modTs", "userdom", "childAction", "status", "uid", "monPolDn"]);

for (const fixture of aciFixtures().filter(({ fails }) => fails === undefined)) {
  withMeta(`what ${fixture.task} sends: ${fixture.name}`, async () => {
    fake.tree.clear();
    fake.requests.length = 0;
    for (const [dn, object] of fixture.found) fake.tree.set(dn, object);
    for (const state of ["present", "absent"]) {
      const session = sessionWith(fake);
      const prepared = registry.get(fixture.task)?.prepare({ ...fixture.args, state }, "apic1", false);
      assert.ok(prepared?.ok);
      if (!prepared?.ok || prepared.value.form !== "declared") return;
      const planned = await prepared.value.plan(connectionsOf(session));
      assert.ok(planned.ok);
      if (planned.ok && planned.value.changes.length > 0) assert.equal(await planned.value.apply(quiet), { ok: true, value: {} });
      await session.close();
    }
    for (const { method, path, body } of fake.requests) {
      if (method === "POST" && path.startsWith("/api/mo/")) assert.equal(errorsIn(JSON.parse(body), undefined), []);
    }
  });
}

function errorsIn(tree: unknown, parentClass: string | undefined): string[] {
  if (!isObject(tree)) return ["not an object"];
  return Object.entries(tree).flatMap(([className, content]) => {
    if (!isObject(content) || !isObject(content.attributes)) return [`${className} has no attributes`];
    const attributes = Object.fromEntries(Object.entries(content.attributes).map(([name, value]) => [name, String(value)]));
    const children: unknown[] = Array.isArray(content.children) ? content.children : [];
    return [
      ...modelErrors(folder ?? "", className, attributes, parentClass),
      ...children.flatMap((child) => errorsIn(child, className)),
    ];
  });
}

test.run();
