import { suite } from "uvu";
import * as assert from "uvu/assert";
import { floatingDesign } from "./floating.ts";
import { closeBenches, mo, server, startBench } from "./simulator.ts";
import { standardDesign } from "./standard.ts";

const test = suite("what leaves report");
test.after.each(closeBenches);

const bgp = "topology/pod-1/node-201/sys/bgp";
const domain = `${bgp}/inst/dom-k8s:calico`;
const peer = `${domain}/peer-[192.168.2.0/24]`;

test("the configured BGP: timers, ECMP, peers, limits", async () => {
  const bench = await startBench();
  await bench.post("/api/mo/uni.json", floatingDesign());
  const expected: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    [`${bgp}/inst`, { asn: "65002" }],
    [domain, { rtrId: "1.1.4.201", kaIntvl: "2", holdIntvl: "6", maxAsLimit: "1", name: "k8s:calico" }],
    [`${domain}/gr`, { ctrl: "helper" }],
    [`${domain}/af-ipv4-ucast`, { maxEcmp: "64", maxEcmpIbgp: "64" }],
    [`${domain}/af-ipv6-ucast`, { maxEcmp: "16" }],
    [peer, { addr: "192.168.2.0/24", asn: "65003", passwdSet: "enabled", adminSt: "enabled" }],
    [`${peer}/af-ipv4-ucast`, { ctrl: "as-override,dis-peer-as-check" }],
    [`${peer}/af-ipv4-ucast/maxpfxp`, { maxPfx: "500", action: "reject" }],
  ];
  for (const [dn, attributes] of expected) {
    const [found] = (await bench.get(`/api/mo/${dn}.json`)).objects;
    for (const [name, value] of Object.entries(attributes)) assert.is(found?.attributes[name], value, `${dn} ${name}`);
  }
  await bench.close();
});

test("a standard SVI has one peer a server and family, on both leaves, with the length of a host", async () => {
  const bench = await startBench({ nodes: [server("master-1", "eth1/11")] });
  await bench.post("/api/mo/uni.json", standardDesign({ ipv6: true }));
  for (const id of [201, 202]) {
    const dn = `topology/pod-1/node-${id}/sys/bgp/inst/dom-k8s:calico`;
    assert.is(await bench.attribute(`${dn}/peer-[192.168.5.1/32]/af-ipv4-ucast`, "type"), "ipv4-ucast");
    assert.is(await bench.attribute(`${dn}/peer-[192.168.5.1/32]`, "passwdSet"), "enabled");
    assert.is(await bench.attribute(`${dn}/peer-[fd00:5::1/128]`, "asn"), "65003");
    assert.is(await bench.attribute(`${dn}/peer-[fd00:5::1/128]/af-ipv6-ucast`, "type"), "ipv6-ucast");
    assert.is(await bench.attribute(`${dn}/peer-[fd00:5::1/128]/af-ipv4-ucast`, "type"), undefined);
  }
  assert.equal((await bench.get("/api/class/faultInst.json")).objects, []);
  await bench.close();
});

test("no BGP without bgpExtP, VRF, or a place in the node profile; hosts show with their length", async () => {
  const bench = await startBench();
  const doms = async () => (await bench.get("/api/class/bgpDom.json")).objects.map((object) => object.attributes.dn);
  await bench.post("/api/mo/uni.json", floatingDesign());
  await bench.send("DELETE", "/api/mo/uni/tn-k8s/out-O/bgpExtP.json");
  assert.equal(await doms(), []);
  await bench.post("/api/mo/uni/tn-k8s/out-O/bgpExtP.json", mo("bgpExtP"));
  await bench.send("DELETE", "/api/mo/uni/tn-k8s/out-O/lnodep-N/rsnodeL3OutAtt-[topology/pod-1/node-202].json");
  assert.equal(await doms(), [domain]);
  const host = "uni/tn-k8s/out-O/lnodep-N/lifp-I/vlifp-[topology/pod-1/node-201]-[vlan-310]/peerP-[192.168.2.4]";
  await bench.post(`/api/mo/${host}.json`, mo("bgpPeerP", {}));
  assert.is(await bench.attribute(`${domain}/peer-[192.168.2.4/32]`, "asn"), "0");
  await bench.close();
});

test("a report lies over the configuration, is replaced by the next one, and makes its parents", async () => {
  const bench = await startBench();
  await bench.post("/api/mo/uni.json", floatingDesign());
  const entry = (addr: string) => ({
    className: "bgpPeerEntry",
    dn: `${peer}/ent-[${addr}]`,
    attributes: { addr, operSt: "established" },
  });
  bench.fabric.report(bgp, [
    { className: "bgpDom", dn: domain, attributes: { numEstPeers: "2" } },
    entry("192.168.2.4"),
    entry("192.168.2.6"),
  ]);
  const found = await bench.get(
    `/api/class/bgpPeerEntry.json?query-target-filter=and(wcard(bgpPeerEntry.dn,"dom-k8s:calico/"),eq(bgpPeerEntry.operSt,"established"))`,
  );
  assert.is(found.totalCount, "2");
  assert.is(found.objects[0]?.attributes.type, "ibgp");
  assert.is(await bench.attribute(domain, "numEstPeers"), "2");
  assert.is(await bench.attribute(domain, "kaIntvl"), "2");
  bench.fabric.report(bgp, [entry("192.168.2.6")]);
  assert.is((await bench.get("/api/class/bgpPeerEntry.json")).totalCount, "1");
  assert.is(await bench.attribute(domain, "kaIntvl"), "2");
  const routes = "topology/pod-1/node-201/sys/uribv4";
  bench.fabric.report(routes, [
    { className: "uribv4Route", dn: `${routes}/dom-k8s:calico/db-rt/rt-[10.1.0.0/26]`, attributes: { prefix: "10.1.0.0/26" } },
  ]);
  assert.is(await bench.attribute(`${routes}/dom-k8s:calico/db-rt`, "type"), "rt");
  bench.fabric.report(routes, []);
  assert.is((await bench.get("/api/class/uribv4Route.json")).totalCount, "0");
  await bench.close();
});

test("sessions go when their peer is taken out of the configuration", async () => {
  const bench = await startBench();
  await bench.post("/api/mo/uni.json", floatingDesign());
  bench.fabric.report(bgp, [{ className: "bgpPeerEntry", dn: `${peer}/ent-[192.168.2.4]`, attributes: {} }]);
  await bench.send("DELETE", "/api/mo/uni/tn-k8s/out-O.json");
  for (const className of ["bgpPeerEntry", "bgpPeer", "bgpDom"]) {
    assert.is((await bench.get(`/api/class/${className}.json`)).totalCount, "0", className);
  }
  await bench.close();
});

test("a report of something that lies elsewhere is a bug", async () => {
  const bench = await startBench();
  assert.throws(() => bench.fabric.report(bgp, [{ className: "bgpDom", dn: "topology/pod-1/node-202/sys/bgp", attributes: {} }]));
  await bench.close();
});

test("raised faults hang on their objects until the next call", async () => {
  const bench = await startBench();
  const fault = { dn: "uni/tn-k8s/ctx-calico", code: "F0299", severity: "major", descr: "down", changeSet: "operSt:idle" };
  bench.fabric.raise([fault]);
  assert.is(await bench.attribute("uni/tn-k8s/ctx-calico/fault-F0299", "severity"), "major");
  bench.fabric.raise([]);
  assert.is((await bench.get("/api/class/faultInst.json")).totalCount, "0");
  await bench.close();
});

test("listeners hear of accepted writes that changed something, and of no others", async () => {
  const bench = await startBench();
  let heard = 0;
  const stop = bench.fabric.onWrite(() => heard++);
  const dn = "uni/tn-k8s/bgpCtxP-P";
  await bench.post(`/api/mo/${dn}.json`, mo("bgpCtxPol", { kaIntvl: "2" }));
  await bench.post(`/api/mo/${dn}.json`, mo("bgpCtxPol", { kaIntvl: "2" }));
  await bench.post(`/api/mo/${dn}.json`, mo("bgpCtxPol", { kaIntvl: "x" }));
  await bench.get(`/api/mo/${dn}.json`);
  assert.is(heard, 1);
  await bench.send("DELETE", `/api/mo/${dn}.json`);
  assert.is(heard, 2);
  stop();
  await bench.post(`/api/mo/${dn}.json`, mo("bgpCtxPol", { kaIntvl: "2" }));
  assert.is(heard, 2);
  await bench.close();
});

test("the fabric's own things: nodes in service, releases, AS, route reflector", async () => {
  const bench = await startBench();
  assert.is(await bench.attribute("topology/pod-1/node-201", "fabricSt"), "active");
  assert.is(await bench.attribute("topology/pod-1/node-1/sys", "state"), "in-service");
  assert.is(await bench.attribute("topology/pod-1/node-1/sys/ctrlrfwstatuscont/ctrlrrunning", "version"), "5.2(7f)");
  assert.is(await bench.attribute("topology/pod-1/node-201/sys/fwstatuscont/running", "version"), "n9000-15.2(7f)");
  assert.is(await bench.attribute("uni/fabric/bgpInstP-default/as", "asn"), "65002");
  assert.is((await bench.get("/api/class/bgpRRNodePEp.json")).totalCount, "1");
  assert.is(await bench.attribute("uni/exportcryptkey", "keyConfigured"), "yes");
  assert.is(bench.fabric.asn, 65002);
  await bench.post("/api/mo/uni/fabric/bgpInstP-default/as.json", mo("bgpAsP", { asn: "65009" }));
  assert.is(bench.fabric.asn, 65009);
  await bench.close();
});

test.run();
