import { suite } from "uvu";
import * as assert from "uvu/assert";
import { closeBenches, mo, startBench } from "./simulator.ts";

const test = suite("normalisation");
test.after.each(closeBenches);

const anchorDn = "uni/tn-k8s/out-O/lnodep-N/lifp-I/vlifp-[topology/pod-1/node-201]-[vlan-310]";

/** Class, DN below which the object is made, property, what is sent, what is read (aci-objects 2.1). */
const READ_BACK: readonly (readonly [className: string, dn: string, property: string, sent: string, read: string])[] = [
  ["l3extOut", "uni/tn-k8s/out-O", "enforceRtctrl", "import,export", "export,import"],
  ["l3extOut", "uni/tn-k8s/out-O", "enforceRtctrl", "export, export", "export"],
  ["bgpPeerP", `${anchorDn}/peerP-[10.0.0.1]`, "ctrl", "dis-peer-as-check,as-override", "as-override,dis-peer-as-check"],
  ["bgpPeerP", `${anchorDn}/peerP-[10.0.0.1]`, "ctrl", "", ""],
  ["l3extOut", "uni/tn-k8s/out-O", "mplsEnabled", "false", "no"],
  ["vzSubj", "uni/tn-common/brc-default/subj-s", "revFltPorts", "true", "yes"],
  ["vzEntry", "uni/tn-common/flt-default/e-x", "dFromPort", "443", "https"],
  ["vzEntry", "uni/tn-common/flt-default/e-x", "dFromPort", "8443", "8443"],
  ["vzEntry", "uni/tn-common/flt-default/e-x", "prot", "6", "tcp"],
  ["vzEntry", "uni/tn-common/flt-default/e-x", "prot", "udp", "udp"],
  ["bgpCtxPol", "uni/tn-k8s/bgpCtxP-P", "staleIntvl", "300", "default"],
  ["bgpCtxPol", "uni/tn-k8s/bgpCtxP-P", "kaIntvl", "007", "7"],
  ["l3extVirtualLIfP", anchorDn, "mtu", "0", "inherit"],
  ["l3extVirtualLIfP", anchorDn, "mtu", "9000", "9000"],
  ["l3extVirtualLIfP", anchorDn, "mac", "00:22:bd:f8:19:fe", "00:22:BD:F8:19:FE"],
  ["l3extVirtualLIfP", anchorDn, "addr", "192.168.2.201/24", "192.168.2.201/24"],
  ["l3extVirtualLIfP", anchorDn, "addr", "FD00:0002:0:0::00C9/64", "fd00:2::c9/64"],
  ["l3extVirtualLIfP", anchorDn, "llAddr", "FE80::0001", "fe80::1"],
  ["ospfExtP", "uni/tn-k8s/out-O/ospfExtP", "areaId", "0.0.0.0", "backbone"],
  ["ospfExtP", "uni/tn-k8s/out-O/ospfExtP", "areaId", "258", "0.0.1.2"],
  ["lacpLagPol", "uni/infra/lacplagp-L", "ctrl", "susp-individual,fast-sel-hot-stdby", "fast-sel-hot-stdby,susp-individual"],
  ["infraPortConfig", "uni/infra/portconfnode-201-card-1-port-11-sub-0", "shutdown", "true", "yes"],
  ["l3extOut", "uni/tn-k8s/out-O", "userdom", "all", ":all:"],
  ["l3extOut", "uni/tn-k8s/out-O", "userdom", "all:common", ":all:common:"],
  ["l3extOut", "uni/tn-k8s/out-O", "annotation", "orchestrator:underlay", "orchestrator:underlay"],
];

for (const [className, dn, property, sent, read] of READ_BACK) {
  test(`${className}.${property}: '${sent}' reads '${read}'`, async () => {
    const bench = await startBench();
    await bench.post(
      "/api/mo/uni/tn-k8s.json",
      mo(
        "l3extOut",
        { name: "O" },
        mo("l3extLNodeP", { name: "N" }, mo("l3extLIfP", { name: "I" }, mo("l3extVirtualLIfP", { dn: anchorDn }))),
      ),
    );
    const entry: Record<string, string> = className === "vzEntry" ? { etherT: "ip" } : {};
    const answer = await bench.post(`/api/mo/${dn}.json`, mo(className, { ...entry, [property]: sent }));
    assert.is(answer.status, 200, answer.error.text);
    assert.is(await bench.attribute(dn, property), read);
    const again = await bench.post(`/api/mo/${dn}.json?rsp-subtree=modified`, mo(className, { ...entry, [property]: sent }));
    assert.is(again.totalCount, "0", "the same value again is no change");
    await bench.close();
  });
}

test("the RN keeps the text of an address", async () => {
  const bench = await startBench();
  const url = "/api/mo/uni/tn-k8s.json";
  await bench.post(url, mo("rtctrlSubjP", { name: "S" }, mo("rtctrlMatchRtDest", { ip: "FD00:0:0::/64", aggregate: "true" })));
  assert.is(await bench.attribute("uni/tn-k8s/subj-S/dest-[FD00:0:0::/64]", "aggregate"), "yes");
  await bench.close();
});

test("defaults stand there from the start", async () => {
  const bench = await startBench();
  await bench.post("/api/mo/uni/tn-k8s.json", mo("bgpPeerPfxPol", { name: "P" }));
  const [found] = (await bench.get("/api/mo/uni/tn-k8s/bgpPfxP-P.json")).objects;
  const { action, maxPfx, thresh, restartTime, descr } = found?.attributes ?? {};
  assert.equal(
    { action, maxPfx, thresh, restartTime, descr },
    { action: "reject", maxPfx: "20000", thresh: "75", restartTime: "infinite", descr: "" },
  );
  await bench.close();
});

test.run();
