import { suite } from "uvu";
import * as assert from "uvu/assert";
import { floatingDesign } from "./floating.ts";
import { type Bench, closeBenches, mo, server, startBench } from "./simulator.ts";

const test = suite("relations and implicit children");
test.after.each(closeBenches);

async function relation(bench: Bench, dn: string): Promise<Record<string, string | undefined>> {
  const { state, stateQual, tDn, tCl } = (await bench.get(`/api/mo/${dn}.json`)).objects[0]?.attributes ?? {};
  return { state, stateQual, tDn, tCl };
}

const rsectx = "uni/tn-k8s/out-O/rsectx";
const out = (vrf: string) => mo("l3extOut", { name: "O" }, mo("l3extRsEctx", { tnFvCtxName: vrf }));

test("a name is looked up in the own tenant, then in common, and noted when missing", async () => {
  const bench = await startBench();
  const post = (body: unknown) => bench.post("/api/mo/uni/tn-k8s.json", body);
  await post(out("calico"));
  const formed = { state: "formed", stateQual: "none", tCl: "fvCtx" };
  assert.equal(await relation(bench, rsectx), { ...formed, tDn: "uni/tn-k8s/ctx-calico" });
  await post(out("default"));
  assert.equal(await relation(bench, rsectx), { ...formed, tDn: "uni/tn-common/ctx-default" });
  await post(out("none"));
  assert.equal(await relation(bench, rsectx), { state: "missing-target", stateQual: "none", tDn: "", tCl: "fvCtx" });
  await post(mo("fvCtx", { name: "none" }));
  assert.equal(await relation(bench, rsectx), { ...formed, tDn: "uni/tn-k8s/ctx-none" });
  await bench.send("DELETE", "/api/mo/uni/tn-k8s/ctx-none.json");
  assert.is((await relation(bench, rsectx)).state, "missing-target");
  await bench.close();
});

test("targets mirror those who point at them, for as long as they do", async () => {
  const bench = await startBench({ nodes: [server("master-1", "eth1/11")] });
  const pool = "uni/infra/vlanns-[phys]-static";
  const users = async (dn: string, className: string) => {
    const found = await bench.get(`/api/mo/${dn}.json?query-target=children&target-subtree-class=${className}`);
    return found.objects.map(({ attributes }) => `${attributes.dn?.slice(dn.length + 1)} ${attributes.tCl}`).sort();
  };
  assert.equal(await users(pool, "fvnsRtVlanNs"), [
    "rtinfraVlanNs-[uni/l3dom-l3dom] l3extDomP",
    "rtinfraVlanNs-[uni/phys-phys] physDomP",
  ]);
  assert.equal(await users("uni/phys-phys", "infraRtDomP"), ["rtdomP-[uni/infra/attentp-phys] infraAttEntityP"]);
  assert.equal(await users("uni/infra/lacplagp-lacp-active", "lacpRtLacpPol"), [
    "rtinfraLacpPol-[uni/infra/funcprof/accbundle-master-1] infraAccBndlGrp",
  ]);
  await bench.send("DELETE", "/api/mo/uni/l3dom-l3dom.json");
  assert.equal(await users(pool, "fvnsRtVlanNs"), ["rtinfraVlanNs-[uni/phys-phys] physDomP"]);
  const refused = await bench.send("DELETE", `/api/mo/${pool}/rtinfraVlanNs-[uni/phys-phys].json`);
  assert.is(refused.error.text, "Cannot delete object of class:fvnsRtVlanNs");
  await bench.close();
});

test("policies of ports are looked up below uni/infra", async () => {
  const bench = await startBench({ nodes: [server("master-1", "eth1/11")] });
  const dn = "uni/infra/funcprof/accbundle-master-1/rslacpPol";
  const formed = { state: "formed", stateQual: "none", tCl: "lacpLagPol" };
  assert.equal(await relation(bench, dn), { ...formed, tDn: "uni/infra/lacplagp-lacp-active" });
  await bench.send("DELETE", `/api/mo/${dn}.json`);
  assert.equal(await relation(bench, dn), { ...formed, stateQual: "default-target", tDn: "uni/infra/lacplagp-default" });
  await bench.close();
});

test("a relation by DN takes a target that does not exist yet", async () => {
  const bench = await startBench();
  const dn = "uni/tn-k8s/out-O/rsl3DomAtt";
  await bench.post("/api/mo/uni/tn-k8s.json", mo("l3extOut", { name: "O" }, mo("l3extRsL3DomAtt", { tDn: "uni/l3dom-later" })));
  assert.equal(await relation(bench, dn), {
    state: "missing-target",
    stateQual: "none",
    tDn: "uni/l3dom-later",
    tCl: "extnwDomP",
  });
  await bench.post("/api/mo/uni.json", mo("l3extDomP", { name: "later" }));
  assert.equal(await relation(bench, dn), { state: "formed", stateQual: "none", tDn: "uni/l3dom-later", tCl: "l3extDomP" });
  await bench.close();
});

test("a missing target has its fault, for as long as it is missing", async () => {
  const bench = await startBench();
  const rs = (name: string) =>
    mo("fvCtx", { name: "calico" }, mo("fvRsCtxToBgpCtxAfPol", { tnBgpCtxAfPolName: name, af: "ipv4-ucast" }));
  await bench.post("/api/mo/uni/tn-k8s.json", rs("K8S"));
  const fault = "uni/tn-k8s/ctx-calico/rsctxToBgpCtxAfPol-[K8S]-ipv4-ucast/fault-F1500";
  assert.is(await bench.attribute(fault, "severity"), "warning");
  const created = await bench.attribute(fault, "created");
  await bench.post("/api/mo/uni/tn-k8s.json", mo("bgpCtxPol", { name: "unrelated" }));
  assert.is(await bench.attribute(fault, "created"), created);
  await bench.post("/api/mo/uni/tn-k8s.json", mo("bgpCtxAfPol", { name: "K8S" }));
  assert.is(await bench.attribute(fault, "severity"), undefined);
  await bench.close();
});

test("nodes stay unformed, as on a healthy fabric", async () => {
  const bench = await startBench();
  await bench.post("/api/mo/uni/tn-k8s.json", floatingDesign());
  assert.is((await relation(bench, "uni/tn-k8s/out-O/lnodep-N/rsnodeL3OutAtt-[topology/pod-1/node-201]")).state, "unformed");
  await bench.close();
});

/** Aci-objects 2.4. */
const IMPLICIT: readonly (readonly [string, readonly string[]])[] = [
  ["uni/tn-k8s", ["fvEpTags", "fvRsTenantMonPol", "vnsSvcCont"]],
  [
    "uni/tn-k8s/ctx-calico",
    [
      "fvRsBgpCtxPol",
      "fvRsCtxMonPol",
      "fvRsCtxToEpRet",
      "fvRsCtxToExtRouteTagPol",
      "fvRsOspfCtxPol",
      "fvRsVrfValidationPol",
      "vzAny",
    ],
  ],
  ["uni/tn-k8s/out-O/lnodep-N/rsnodeL3OutAtt-[topology/pod-1/node-201]", ["l3extInfraNodeP"]],
  [
    "uni/tn-k8s/out-O/lnodep-N/lifp-I",
    ["l3extRsArpIfPol", "l3extRsEgressQosDppPol", "l3extRsIngressQosDppPol", "l3extRsLIfPCustQosPol", "l3extRsNdIfPol"],
  ],
  ["uni/tn-k8s/out-O/instP-default", ["fvRsCustQosPol"]],
];

test("implicit children come with their parents", async () => {
  const bench = await startBench();
  await bench.post("/api/mo/uni/tn-k8s.json", floatingDesign());
  for (const [dn, classes] of IMPLICIT) {
    const children = (await bench.get(`/api/mo/${dn}.json?rsp-subtree=children`)).objects[0]?.children ?? [];
    const implicit = children.filter((child) => child.attributes.lcOwn === "implicit").map((child) => child.className);
    assert.equal(implicit.sort(), classes, dn);
  }
  await bench.close();
});

test("an implicit relation falls back to common's default, can be set, and deleting it only resets it", async () => {
  const bench = await startBench();
  await bench.post("/api/mo/uni/tn-k8s.json", floatingDesign());
  const peer = "uni/tn-k8s/out-O/lnodep-N/peerP-[192.0.2.1]";
  await bench.post(`/api/mo/${peer}.json`, mo("bgpPeerP", {}));
  const dn = `${peer}/rspeerPfxPol`;
  const fallback = { state: "formed", stateQual: "default-target", tDn: "uni/tn-common/bgpPfxP-default", tCl: "bgpPeerPfxPol" };
  assert.equal(await relation(bench, dn), fallback);
  assert.is(await bench.attribute(dn, "lcOwn"), "implicit");
  await bench.post(`/api/mo/${dn}.json`, mo("bgpRsPeerPfxPol", { tnBgpPeerPfxPolName: "K8S", status: "created" }));
  assert.is((await relation(bench, dn)).tDn, "uni/tn-k8s/bgpPfxP-K8S");
  assert.is(await bench.attribute(dn, "lcOwn"), "local");
  assert.is((await bench.send("DELETE", `/api/mo/${dn}.json`)).status, 200);
  assert.equal(await relation(bench, dn), fallback);
  assert.is(await bench.attribute(dn, "lcOwn"), "implicit");
  await bench.close();
});

test.run();
