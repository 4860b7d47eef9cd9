import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { classTable } from "../../../lab/apic/class-table.ts";
import { parentDn, rnOf } from "../../../lab/apic/dn.ts";
import { readIntents } from "../../../lab/apic/intent.ts";
import { ManagedTree } from "../../../lab/apic/managed-tree.ts";
import type { LabObject } from "../../../lab/parts.ts";
import { mo } from "./simulator.ts";

const test = suite("properties of the tree");

const name = fc.constantFrom("a", "b", "c");
const status = fc.constantFrom("", "", "", "created", "modified", "deleted", "created,modified");
const prefix = fc.constantFrom("10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0");

/** Trees that are often right and sometimes wrong: bad words, broken rules, verbs that do not fit. */
const subnet = fc.record({ ip: prefix, aggregate: fc.constantFrom("", "", "export-rtctrl"), status });
const epg = fc.tuple(fc.record({ name, status }), fc.array(subnet, { maxLength: 3 }));
const anchor = fc.record({
  nodeDn: fc.constantFrom("topology/pod-1/node-201", "topology/pod-1/node-202"),
  encap: fc.constantFrom("vlan-310", "vlan-999"),
  addr: fc.constantFrom("10.0.0.1/24", "10.0.0.1/24", "10.0.0.1/32"),
  status,
});
const out = fc.tuple(
  fc.record({ name, status, enforceRtctrl: fc.constantFrom("export", "import,export", "import", "nonsense") }),
  fc.array(epg, { maxLength: 2 }),
  fc.array(anchor, { maxLength: 2 }),
  fc.constantFrom("a", "b", "none", ""),
);
const context = fc.record({ name, status, descr: fc.constantFrom("", "x", "\u0007") });

const body = fc
  .tuple(fc.record({ name, status }), fc.array(context, { maxLength: 2 }), fc.array(out, { maxLength: 2 }))
  .map(([tenant, contexts, outs]) =>
    mo(
      "fvTenant",
      tenant,
      ...contexts.map((attributes) => mo("fvCtx", attributes)),
      ...outs.map(([attributes, epgs, anchors, vrf]) =>
        mo(
          "l3extOut",
          attributes,
          mo("l3extRsEctx", { tnFvCtxName: vrf }),
          mo("bgpExtP"),
          ...epgs.map(([own, subnets]) => mo("l3extInstP", own, ...subnets.map((one) => mo("l3extSubnet", one)))),
          mo(
            "l3extLNodeP",
            { name: "N" },
            mo("l3extRsNodeL3OutAtt", { tDn: "topology/pod-1/node-201", rtrId: "1.1.1.1" }),
            mo(
              "l3extLIfP",
              { name: "I" },
              ...anchors.map((one) => mo("l3extVirtualLIfP", one, mo("bgpPeerP", { addr: "10.0.0.0/24" }))),
            ),
          ),
        ),
      ),
    ),
  );

function fresh(): ManagedTree {
  const managed = new ManagedTree(65002);
  managed.seed({ dn: "uni/tn-common" });
  for (const id of [201, 202]) managed.seed({ dn: `topology/pod-1/node-${id}/sys` });
  managed.settle();
  return managed;
}

function checkConsistent({ tree }: ManagedTree): void {
  for (const [dn, object] of tree.objects) {
    assert.is(object.dn, dn);
    assert.is(object.attributes.dn, dn);
    assert.is(object.attributes.rn, rnOf(dn));
    const deepInSwitch = object.className === "faultInst" && dn.includes("/local/");
    if (parentDn(dn) !== "" && !deepInSwitch) assert.ok(tree.get(parentDn(dn)), `parent of ${dn}`);
    assert.ok(tree.children(tree.holder(dn)).includes(object), `${dn} is listed below ${tree.holder(dn)}`);
    assert.ok(tree.ofClass(object.className).includes(object));
    const model = classTable.get(object.className);
    assert.equal(Object.keys(object.attributes), [...(model?.defaults.keys() ?? [])], dn);
    for (const child of model?.shape.implicit ?? []) {
      assert.ok(
        tree.children(dn).some((one) => one.className === child),
        `${child} in ${dn}`,
      );
    }
  }
  const reachable = new Set([...tree.subtree("uni"), ...tree.subtree("topology")].map((object) => object.dn));
  assert.is(reachable.size, tree.objects.size);
}

test("any sequence of writes leaves a consistent tree; a refused one leaves it as it was", () => {
  let accepted = 0;
  let refused = 0;
  fc.assert(
    fc.property(fc.array(body, { minLength: 1, maxLength: 6 }), (bodies) => {
      const managed = fresh();
      for (const one of bodies) {
        const before = new Map<string, LabObject>(managed.tree.objects);
        const intents = readIntents(JSON.stringify(one), "uni");
        const outcome = intents.ok ? managed.write(intents.value, "1") : intents;
        if (outcome.ok) accepted++;
        else {
          refused++;
          assert.equal([...managed.tree.objects.keys()].sort(), [...before.keys()].sort());
          for (const [dn, object] of before) assert.is(managed.tree.get(dn), object, dn);
        }
        checkConsistent(managed);
      }
    }),
    { numRuns: 150 },
  );
  assert.ok(accepted > 50 && refused > 50, `${accepted} accepted, ${refused} refused`);
});

test("an accepted write without verbs is idempotent", () => {
  fc.assert(
    fc.property(body, (one) => {
      const managed = fresh();
      const text = JSON.stringify(one).replaceAll(/"status":"[a-z,]*"/g, '"status":""');
      const write = () => {
        const intents = readIntents(text, "uni");
        return intents.ok ? managed.write(intents.value, "1") : intents;
      };
      if (!write().ok) return;
      const again = write();
      assert.equal(again.ok && lastingChanges(again.value), []);
    }),
    { numRuns: 100 },
  );
});

/** The same object named twice in one body with two values goes back and forth; everything else must stay. */
function lastingChanges(changes: readonly { readonly before: LabObject | undefined; readonly after: LabObject | undefined }[]) {
  return changes.filter(({ before, after }) => {
    const differing = Object.keys(after?.attributes ?? {}).filter((key) => before?.attributes[key] !== after?.attributes[key]);
    return differing.some((key) => key !== "modTs");
  });
}

test.run();
