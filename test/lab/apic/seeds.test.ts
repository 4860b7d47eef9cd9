import { rmSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { floatingDesign } from "./floating.ts";
import { closeBenches, spec, startBench } from "./simulator.ts";

const test = suite("what is there before a playbook runs");
test.after.each(closeBenches);

const outside = { tenant: "k8s", vrf: "calico", l3out: "wan", externalEpg: "internet" };

test("an L3Out of somebody else with a router on the first leaf, beside ours without a fault", async () => {
  const bench = await startBench({ spec: { ...spec, outside } });
  assert.is(await bench.attribute("uni/tn-k8s/out-wan", "annotation"), "orchestrator:terraform");
  assert.is(await bench.attribute("uni/tn-k8s/out-wan/instP-internet/extsubnet-[0.0.0.0/0]", "scope"), "import-security");
  const peer = "topology/pod-1/node-201/sys/bgp/inst/dom-k8s:calico/peer-[192.0.2.2/32]";
  assert.is(await bench.attribute(peer, "asn"), "64500");
  assert.is((await bench.get("/api/class/bgpPeer.json")).totalCount, "1");
  assert.is((await bench.post("/api/mo/uni.json", floatingDesign())).status, 200);
  assert.equal((await bench.get("/api/class/faultInst.json")).objects, []);
  await bench.close();
});

test("EPGs of others with a bridge domain in the VRF of their tenant", async () => {
  const epgs = [{ tenant: "k8s", applicationProfile: "shop", epg: "db" }];
  const bench = await startBench({ spec: { ...spec, epgs } });
  assert.is(await bench.attribute("uni/tn-k8s/ap-shop/epg-db/rsbd", "tDn"), "uni/tn-k8s/BD-db");
  assert.is(await bench.attribute("uni/tn-k8s/BD-db/rsctx", "tDn"), "uni/tn-k8s/ctx-calico");
  assert.is(await bench.attribute("uni/tn-k8s/ap-shop/epg-db", "annotation"), "orchestrator:terraform");
  await bench.close();
});

test("the forwarding scale profile is the default one", async () => {
  const bench = await startBench();
  assert.is(await bench.attribute("uni/infra/fwdscalepol-default", "profType"), "dual-stack");
  await bench.close();
});

test("apic.release: login, controllers and switches tell it", async () => {
  const bench = await startBench({ faults: { "apic.release": "4.2(7f)" } });
  assert.is((await bench.login()).objects[0]?.attributes.version, "4.2(7f)");
  assert.is(await bench.attribute("topology/pod-1/node-1/sys/ctrlrfwstatuscont/ctrlrrunning", "version"), "4.2(7f)");
  assert.is(await bench.attribute("topology/pod-1/node-201", "version"), "n9000-14.2(7f)");
  await bench.close();
});

test("apic.no_aes and apic.no_rr: gone for as long as the fault is there, also in a state that had them", async () => {
  const read = async (faults: Record<string, string>, directory?: string) => {
    const bench = await startBench({ faults, ...(directory === undefined ? {} : { directory }) });
    const key = await bench.attribute("uni/exportcryptkey", "keyConfigured");
    const reflectors = (await bench.get("/api/class/bgpRRNodePEp.json")).totalCount;
    await bench.stop();
    return { seen: [key, reflectors], directory: bench.directory };
  };
  const first = await read({});
  assert.equal(first.seen, ["yes", "1"]);
  assert.equal((await read({ "apic.no_aes": "", "apic.no_rr": "" }, first.directory)).seen, ["no", "0"]);
  assert.equal((await read({}, first.directory)).seen, ["yes", "1"]);
  rmSync(first.directory, { recursive: true });
});

test.run();
