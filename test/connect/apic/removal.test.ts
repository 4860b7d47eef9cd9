import { suite } from "uvu";
import * as assert from "uvu/assert";
import { absentMo, absentUnlessUsed, type ManagedObject, mo } from "../../../runner/connect/managed-object.ts";
import { sessionWith } from "../../support/apic-session.ts";
import { startFakeApic } from "../../support/fake-apic.ts";
import { OURS, planOf, policyTree, run } from "../../support/policy-tree.ts";

/** Taking away: only what is ours, only when nobody uses it, never what others put below it. */
const test = suite("apic removal");
const fake = await startFakeApic();
const { put, posts, reset } = policyTree(fake);
test.before.each(reset);
test.after(() => fake.close());

test("an object that others need stays until they are gone", async () => {
  const context = "uni/tn-k8s/out-a/prof-default-import/ctx-c";
  put("uni/tn-k8s/subj-r", "rtctrlSubjP", OURS);
  put("uni/tn-k8s/out-a/prof-default-import", "rtctrlProfile", OURS);
  put(context, "rtctrlCtxP", OURS);
  put(`${context}/rsctxPToSubjP-r`, "rtctrlRsCtxPToSubjP", OURS);
  const session = sessionWith(fake);
  const use = { className: "rtctrlRsCtxPToSubjP", property: "tnRtctrlSubjPName", value: "r", match: "is" } as const;
  const unless = absentUnlessUsed("rtctrlSubjP", "uni/tn-k8s/subj-r", [use]);
  const kept = await planOf(session, [unless]);
  assert.equal(kept.changes, []);
  assert.equal(kept.warnings, [`uni/tn-k8s/subj-r stays: it is used: ${context}/rsctxPToSubjP-r`]);
  const both = [absentMo("rtctrlProfile", "uni/tn-k8s/out-a/prof-default-import"), unless];
  assert.equal(
    (await planOf(session, both)).changes.map(({ target }) => target),
    ["uni/tn-k8s/out-a/prof-default-import", "uni/tn-k8s/subj-r"],
  );
  await session.close();
});

test("check mode and a run agree on who uses an object, after tasks that made and took away users", async () => {
  put("uni/tn-k8s/bgpCtxAfP-e", "bgpCtxAfPol", OURS);
  const use = { className: "fvRsCtxToBgpCtxAfPol", property: "tnBgpCtxAfPolName", value: "e", match: "is" } as const;
  const policy = absentUnlessUsed("bgpCtxAfPol", "uni/tn-k8s/bgpCtxAfP-e", [use]);
  const relation = "uni/tn-k8s/ctx-v/rsctxToBgpCtxAfPol-[e]-ipv4-ucast";
  put("uni/tn-k8s/ctx-v", "fvCtx");
  for (const check of [true, false]) {
    const session = sessionWith(fake, { check });
    const step = async (resources: readonly ManagedObject[]) => {
      const planned = await planOf(session, resources);
      const { writer } = session.apic();
      if (writer === undefined) planned.project();
      else assert.ok((await planned.apply(writer)).ok);
      return planned.changes.map(({ target }) => target);
    };
    assert.equal(await step([mo("fvRsCtxToBgpCtxAfPol", relation)]), [relation]);
    assert.equal(await step([policy]), [], "used by what the run has just made");
    assert.equal(await step([absentMo("fvRsCtxToBgpCtxAfPol", relation)]), [relation]);
    assert.equal(await step([policy]), ["uni/tn-k8s/bgpCtxAfP-e"], "and free again");
    await session.close();
  }
});

test("what others configured below an object of ours stops its deletion, before anything is written", async () => {
  put("uni/tn-k8s/out-a", "l3extOut", OURS);
  put("uni/tn-k8s/out-a/lnodep-n", "l3extLNodeP", { annotation: "orchestrator:terraform" });
  put("uni/tn-k8s/out-a/rsInterleakPol", "l3extRsInterleakPol", { tnRtctrlProfileName: "" });
  put("uni/tn-k8s/out-a/instP-web", "l3extInstP");
  const session = sessionWith(fake);
  const refused = await session.apic().plan([absentMo("l3extOut", "uni/tn-k8s/out-a")]);
  assert.not(refused.ok);
  if (refused.ok) return;
  assert.is(
    refused.failure.message,
    "it holds objects that underlay did not make: uni/tn-k8s/out-a/lnodep-n, uni/tn-k8s/out-a/instP-web",
  );
  assert.match(refused.failure.next ?? "", "ask their owner");
  assert.equal(posts(), []);
  await session.close();
});

test("what is not ours stays and says so, and what we put into it goes", async () => {
  const own = "uni/tn-k8s/out-a/lnodep-n/lifp-i";
  put(own, "l3extLIfP", OURS);
  const session = sessionWith(fake);
  const planned = await planOf(session, [absentMo("l3extOut", "uni/tn-k8s/out-a")]);
  assert.equal(
    planned.changes.map(({ target, action }) => [action, target]),
    [["delete", own]],
  );
  assert.match(planned.warnings?.[0] ?? "", "uni/tn-k8s/out-a stays: underlay did not make it");
  assert.ok((await run(session, [absentMo("l3extOut", "uni/tn-k8s/out-a")])).ok);
  assert.not(fake.tree.has(own));
  assert.ok(fake.tree.has("uni/tn-k8s/out-a/lnodep-n"));
  await session.close();
});

test("a child of a class that is unknown here, without a name in the answer, still counts as somebody's", async () => {
  fake.intercept = ({ path }) =>
    path.startsWith("/api/mo/uni/tn-k8s/out-a.json")
      ? {
          status: 200,
          body: JSON.stringify({
            imdata: [
              {
                l3extOut: {
                  attributes: { dn: "uni/tn-k8s/out-a", name: "a", ...OURS },
                  children: [{ ospfExtP: { attributes: { areaId: "0.0.0.1" } } }],
                },
              },
            ],
          }),
        }
      : undefined;
  const session = sessionWith(fake);
  const refused = await session.apic().plan([absentMo("l3extOut", "uni/tn-k8s/out-a")]);
  assert.match(refused.ok ? "" : refused.failure.message, "ospfExtP");
  await session.close();
});

test.run();
