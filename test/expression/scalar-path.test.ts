import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { loadEngine } from "../../runner/expression/engine.ts";
import { scalarAt } from "../../runner/expression/scalar-path.ts";

/** Paths that are looked up without the engine must give what the engine gives. */
const test = suite("plain paths");

test("a path to a scalar is looked up; everything else is the engine's", () => {
  const context = { l3out: { tenant: "k8s", vlan: 310, shared: false, list: [1], none: null }, true: "a variable" };
  assert.is(scalarAt(" l3out.tenant ", context), "k8s");
  assert.is(scalarAt("l3out.shared", context), false);
  for (const expression of [
    "l3out",
    "l3out.list",
    "l3out.none",
    "l3out.missing",
    "l3out.tenant.length",
    "l3out.toString",
    "true",
    "l3out['tenant']",
    "l3out.vlan + 1",
    "l3out.tenant | upper",
    "missing",
  ])
    assert.is(scalarAt(expression, context), undefined, expression);
});

test("the engine agrees", async () => {
  const engine = (await loadEngine())();
  const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/);
  const scalar = fc.oneof(fc.string(), fc.boolean(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
  fc.assert(
    fc.property(name, scalar, (key, value) => {
      const found = scalarAt(`host.${key}`, { host: { [key]: value } });
      // Parentheses keep the engine from taking the short way.
      const evaluated = engine.evaluate(`(host.${key})`, { host: { [key]: value } });
      assert.equal(evaluated, { ok: true, value: found });
    }),
  );
});

test.run();
