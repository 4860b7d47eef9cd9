import { suite } from "uvu";
import * as assert from "uvu/assert";
import { floatingDesign } from "./floating.ts";
import { type Bench, closeBenches, mo, server, startBench } from "./simulator.ts";
import { MASTER_PATH, standardDesign } from "./standard.ts";

const test = suite("faults of a wrong configuration");
test.after.each(closeBenches);

/** Qualifiers of the F0467 that leaves raised, by the policy they concern. */
async function raised(bench: Bench): Promise<readonly string[]> {
  const answer = await bench.get('/api/class/faultInst.json?query-target-filter=eq(faultInst.code,"F0467")');
  return answer.objects
    .map(({ attributes }) => {
      const node = /node-(\d+)/.exec(attributes.dn ?? "")?.[1];
      const policy = /rtd-\[(.*)\]\/nwissues/.exec(attributes.dn ?? "")?.[1];
      return `${/configQual:([^,]+), configSt:failed-to-apply/.exec(attributes.changeSet ?? "")?.[1]} ${node} ${policy}`;
    })
    .sort();
}

async function configure(bench: Bench, ...bodies: readonly unknown[]): Promise<void> {
  for (const body of bodies) {
    const answer = await bench.post("/api/mo/uni.json", body);
    assert.is(answer.status, 200, answer.error.text);
  }
}

test("the paper's design has none", async () => {
  const bench = await startBench();
  await configure(bench, floatingDesign());
  assert.equal((await bench.get("/api/class/faultInst.json")).objects, []);
  assert.is(await bench.attribute("uni/tn-k8s/out-O/lnodep-N", "configIssues"), "");
  await bench.close();
});

test("prefix-entry-already-in-use: one prefix in two external EPGs of the VRF", async () => {
  const bench = await startBench();
  await configure(bench, floatingDesign(), floatingDesign({ out: "P", nodes: [201], vlan: 311, prefixes: ["10.1.0.0/16"] }));
  const epg = "uni/tn-k8s/out-P/instP-default";
  assert.equal(await raised(bench), [`prefix-entry-already-in-use 201 ${epg}`]);
  const delegate = await bench.get(`/api/mo/${epg}.json?rsp-subtree-include=faults,no-scoped`);
  assert.is(delegate.objects[0]?.className, "faultDelegate");
  assert.is(
    delegate.objects[0]?.attributes.affected,
    `topology/pod-1/node-201/local/svc-policyelem-id-0/uni/epp/rtd-[${epg}]/nwissues/fault-F0467`,
  );
  await bench.post(`/api/mo/${epg}.json`, mo("l3extInstP", {}, mo("l3extSubnet", { ip: "10.1.0.0/16", scope: "export-rtctrl" })));
  assert.equal(await raised(bench), []);
  await bench.close();
});

test("encap-already-in-use: by another L3Out and by an EPG, not when both share the bridge domain", async () => {
  const bench = await startBench();
  await configure(bench, floatingDesign(), floatingDesign({ out: "P", nodes: [201], prefixes: [] }));
  const other = "uni/tn-k8s/out-P/lnodep-N/lifp-I/vlifp-[topology/pod-1/node-201]-[vlan-310]";
  assert.equal(await raised(bench), [`encap-already-in-use 201 ${other}`]);
  const ctx = (out: string) => ({
    dn: `uni/tn-k8s/out-${out}/lnodep-N/lifp-I/vlifp-[topology/pod-1/node-201]-[vlan-310]`,
    encapScope: "ctx",
  });
  await configure(bench, mo("l3extVirtualLIfP", ctx("O")), mo("l3extVirtualLIfP", ctx("P")));
  assert.equal(await raised(bench), []);
  const path = { tDn: "topology/pod-1/protpaths-202-203/pathep-[server]", encap: "vlan-310" };
  await configure(
    bench,
    mo("fvTenant", { name: "apps" }, mo("fvAp", { name: "A" }, mo("fvAEPg", { name: "E" }, mo("fvRsPathAtt", path)))),
  );
  assert.equal(await raised(bench), [
    "encap-already-in-use 202 uni/tn-k8s/out-O/lnodep-N/lifp-I/vlifp-[topology/pod-1/node-202]-[vlan-310]",
  ]);
  await bench.close();
});

test("bgpProt-policy-already-existing: two sets of timers for one VRF on one leaf", async () => {
  const bench = await startBench();
  await configure(bench, floatingDesign(), floatingDesign({ out: "P", nodes: [202], vlan: 311, timers: "slow", prefixes: [] }));
  assert.equal(await raised(bench), ["bgpProt-policy-already-existing 202 uni/tn-k8s/out-P/lnodep-N"]);
  assert.is(await bench.attribute("topology/pod-1/node-202/sys/bgp/inst/dom-k8s:calico", "holdIntvl"), "6");
  await bench.close();
});

test("invalid-vlan: outside the pool, until the pool grows", async () => {
  const bench = await startBench();
  await configure(bench, floatingDesign({ nodes: [201], vlan: 400 }));
  const anchor = "uni/tn-k8s/out-O/lnodep-N/lifp-I/vlifp-[topology/pod-1/node-201]-[vlan-400]";
  assert.equal(await raised(bench), [`invalid-vlan 201 ${anchor}`]);
  await configure(
    bench,
    mo("fvnsEncapBlk", { dn: "uni/infra/vlanns-[phys]-static/from-[vlan-400]-to-[vlan-409]", allocMode: "dynamic" }),
  );
  assert.equal(await raised(bench), [`invalid-vlan 201 ${anchor}`]);
  await configure(
    bench,
    mo("fvnsEncapBlk", { dn: "uni/infra/vlanns-[phys]-static/from-[vlan-400]-to-[vlan-409]", allocMode: "inherit" }),
  );
  assert.equal(await raised(bench), []);
  await bench.close();
});

const nodes = [server("master-1", "eth1/11"), server("worker-1", "eth1/12")];
const pathDn = (out = "S") => `uni/tn-k8s/out-${out}/lnodep-N/lifp-I/rspathL3OutAtt-[${MASTER_PATH}]`;

test("standard SVI: the paper's design has none, and one without a routed domain is refused on both leaves", async () => {
  const bench = await startBench({ nodes });
  await configure(bench, standardDesign());
  assert.equal((await bench.get("/api/class/faultInst.json")).objects, []);
  await bench.send("DELETE", "/api/mo/uni/tn-k8s/out-S/rsl3DomAtt.json");
  assert.equal(await raised(bench), [`invalid-vlan 201 ${pathDn()}`, `invalid-vlan 202 ${pathDn()}`]);
  assert.is((await bench.get("/api/class/bgpPeer.json")).totalCount, "0", "what is not deployed has no peers");
  await configure(bench, standardDesign());
  assert.equal(await raised(bench), []);
  await bench.close();
});

test("invalid-path: no such policy group, no port of it on one leaf, or an AAEP without the domain", async () => {
  const bench = await startBench({ nodes });
  const path = "topology/pod-1/protpaths-201-202/pathep-[nobody]";
  await configure(bench, standardDesign({ path }));
  const dn = `uni/tn-k8s/out-S/lnodep-N/lifp-I/rspathL3OutAtt-[${path}]`;
  assert.is(await bench.attribute(dn, "state"), "unformed");
  assert.equal(await raised(bench), [`invalid-path 201 ${dn}`, `invalid-path 202 ${dn}`]);
  await bench.send("DELETE", `/api/mo/${dn}.json`);
  await configure(bench, standardDesign());
  assert.equal(await raised(bench), []);
  await bench.send("DELETE", "/api/mo/uni/infra/accportprof-leaf202/hports-master-1-typ-range.json");
  assert.equal(await raised(bench), [`invalid-path 202 ${pathDn()}`]);
  await bench.send("DELETE", "/api/mo/uni/infra/attentp-phys/rsdomP-[uni/l3dom-l3dom].json");
  assert.equal(await raised(bench), [`invalid-path 201 ${pathDn()}`, `invalid-path 202 ${pathDn()}`]);
  await bench.close();
});

test("invalid-vlan: a path's VLAN outside the routed domain's pool", async () => {
  const bench = await startBench({ nodes });
  await configure(bench, standardDesign({ encap: "vlan-400" }));
  assert.equal(await raised(bench), [`invalid-vlan 201 ${pathDn()}`, `invalid-vlan 202 ${pathDn()}`]);
  await bench.close();
});

test("both designs on one leaf: the VLAN of the one, the timers of the other", async () => {
  const bench = await startBench({ nodes });
  await configure(bench, floatingDesign({ nodes: [202] }), standardDesign({ encap: "vlan-310", timers: "slow" }));
  assert.equal(await raised(bench), [
    "bgpProt-policy-already-existing 202 uni/tn-k8s/out-S/lnodep-N",
    `encap-already-in-use 202 ${pathDn()}`,
  ]);
  assert.is(await bench.attribute("topology/pod-1/node-201/sys/bgp/inst/dom-k8s:calico", "holdIntvl"), "9");
  assert.is(await bench.attribute("topology/pod-1/node-202/sys/bgp/inst/dom-k8s:calico", "holdIntvl"), "6");
  await bench.close();
});

test("prefix-entry-already-in-use: IPv6 prefixes are compared as addresses", async () => {
  const bench = await startBench();
  await configure(
    bench,
    floatingDesign({ prefixes: ["fd00:10::/112"] }),
    floatingDesign({ out: "P", nodes: [201], vlan: 311, prefixes: ["FD00:10:0::/112"] }),
  );
  assert.equal(await raised(bench), ["prefix-entry-already-in-use 201 uni/tn-k8s/out-P/instP-default"]);
  await bench.close();
});

test("node-path-misconfig: a path on a leaf that the node profile does not know", async () => {
  const bench = await startBench({ nodes });
  await configure(bench, standardDesign({ nodes: [201] }));
  assert.is(await bench.attribute("uni/tn-k8s/out-S/lnodep-N", "configIssues"), "node-path-misconfig");
  await configure(bench, standardDesign());
  assert.is(await bench.attribute("uni/tn-k8s/out-S/lnodep-N", "configIssues"), "");
  await bench.close();
});

test("node-vlif-misconfig: an anchor that the node profile does not know", async () => {
  const bench = await startBench();
  await configure(bench, floatingDesign({ nodes: [201], anchors: [201, 202] }));
  assert.is(await bench.attribute("uni/tn-k8s/out-O/lnodep-N", "configIssues"), "node-vlif-misconfig");
  await configure(bench, floatingDesign());
  assert.is(await bench.attribute("uni/tn-k8s/out-O/lnodep-N", "configIssues"), "");
  await bench.close();
});

test("no-loopback-configured: a peer below the node profile", async () => {
  const bench = await startBench();
  const dn = "uni/tn-k8s/out-O/lnodep-N/peerP-[192.0.2.1]";
  await configure(bench, floatingDesign({ nodes: [201] }), mo("bgpPeerP", { dn }));
  assert.is(await bench.attribute(dn, "ConfigIssues"), "no-loopback-configured");
  const node = "uni/tn-k8s/out-O/lnodep-N/rsnodeL3OutAtt-[topology/pod-1/node-201]";
  await configure(bench, mo("l3extRsNodeL3OutAtt", { dn: node, rtrIdLoopBack: "yes" }));
  assert.is(await bench.attribute(dn, "ConfigIssues"), "");
  await bench.close();
});

test.run();
