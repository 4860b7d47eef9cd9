import { suite } from "uvu";
import * as assert from "uvu/assert";
import { floatingDesign } from "./floating.ts";
import { type Bench, closeBenches, mo, startBench } from "./simulator.ts";

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

test("standard SVI without a routed domain: refused on both leaves of the vPC", async () => {
  const bench = await startBench();
  const path = { tDn: "topology/pod-1/protpaths-201-202/pathep-[server]", ifInstT: "ext-svi", encap: "vlan-310" };
  const out = (...domain: readonly unknown[]) =>
    mo(
      "fvTenant",
      { name: "k8s" },
      mo(
        "l3extOut",
        { name: "S" },
        mo("l3extLNodeP", { name: "N" }, mo("l3extLIfP", { name: "I" }, mo("l3extRsPathL3OutAtt", path))),
        ...domain,
      ),
    );
  await configure(bench, out());
  const dn = "uni/tn-k8s/out-S/lnodep-N/lifp-I/rspathL3OutAtt-[topology/pod-1/protpaths-201-202/pathep-[server]]";
  assert.equal(await raised(bench), [`invalid-vlan 201 ${dn}`, `invalid-vlan 202 ${dn}`]);
  await configure(bench, out(mo("l3extRsL3DomAtt", { tDn: "uni/l3dom-l3dom" })));
  assert.equal(await raised(bench), []);
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
