import { suite } from "uvu";
import * as assert from "uvu/assert";
import { floatingDesign } from "./floating.ts";
import { closeBenches, mo, startBench } from "./simulator.ts";

const test = suite("writes");
test.after.each(closeBenches);

test("the paper's design in one POST, below the tenant and below the universe", async () => {
  const bench = await startBench();
  for (const [url, body] of [
    ["/api/mo/uni/tn-k8s.json", floatingDesign()],
    ["/api/mo/uni.json", floatingDesign({ out: "P", nodes: [201] })],
    ["/api/mo/uni.json", mo("polUni", {}, floatingDesign({ out: "Q", nodes: [201] }))],
    ["/api/node/mo/.json", mo("polUni", { dn: "uni" }, floatingDesign({ out: "R", nodes: [201] }))],
  ] as const) {
    const answer = await bench.post(url, body);
    assert.is(answer.status, 200, answer.error.text);
    assert.is(answer.text, '{"totalCount":"0","imdata":[]}');
  }
  for (const out of ["O", "P", "Q", "R"])
    assert.is(await bench.attribute(`uni/tn-k8s/out-${out}`, "enforceRtctrl"), "export,import");
  await bench.close();
});

test("an object's place: from dn, from rn, from naming properties, from the URL", async () => {
  const bench = await startBench();
  for (const [url, attributes, dn] of [
    ["/api/mo/uni.json", { dn: "uni/tn-k8s/ctx-a" }, "uni/tn-k8s/ctx-a"],
    ["/api/mo/uni/tn-k8s.json", { rn: "ctx-b" }, "uni/tn-k8s/ctx-b"],
    ["/api/mo/uni/tn-k8s.json", { name: "c" }, "uni/tn-k8s/ctx-c"],
    ["/api/mo/uni/tn-k8s/ctx-d.json", {}, "uni/tn-k8s/ctx-d"],
    ["/api/mo/uni/tn-k8s/ctx-e.json", { name: "e", dn: "uni/tn-k8s/ctx-e" }, "uni/tn-k8s/ctx-e"],
  ] as const) {
    assert.is((await bench.post(url, mo("fvCtx", attributes))).status, 200, dn);
    assert.is(await bench.attribute(dn, "name"), dn.slice(-1));
  }
  await bench.close();
});

test("merge: what is left out keeps its value, children are left alone", async () => {
  const bench = await startBench();
  const url = "/api/mo/uni/tn-k8s.json";
  await bench.post(url, mo("bgpCtxPol", { name: "P", kaIntvl: "10", holdIntvl: "30" }, mo("tagTag", { key: "k", value: "v" })));
  await bench.post(url, mo("bgpCtxPol", { name: "P", kaIntvl: "2" }));
  assert.is(await bench.attribute("uni/tn-k8s/bgpCtxP-P", "holdIntvl"), "30");
  assert.is(await bench.attribute("uni/tn-k8s/bgpCtxP-P", "kaIntvl"), "2");
  assert.is(await bench.attribute("uni/tn-k8s/bgpCtxP-P/tagKey-k", "value"), "v");
  await bench.close();
});

test("status: created, modified, deleted, and both together", async () => {
  const bench = await startBench();
  const post = async (attributes: Record<string, string>) =>
    (await bench.post("/api/mo/uni/tn-k8s.json", mo("fvCtx", { name: "V", ...attributes }))).error.code;
  assert.is(await post({ status: "modified" }), "102");
  assert.is(await post({ status: "created" }), "");
  assert.is(await post({ status: "created" }), "103");
  assert.is(await post({ status: "modified", descr: "x" }), "");
  assert.is(await post({ status: "created,modified", descr: "y" }), "");
  assert.is(await bench.attribute("uni/tn-k8s/ctx-V", "descr"), "y");
  assert.is(await post({ status: "deleted" }), "");
  assert.is(await bench.attribute("uni/tn-k8s/ctx-V", "descr"), undefined);
  assert.is(await post({ status: "deleted" }), "");
  assert.is(await post({ status: "created,modified" }), "");
  await bench.close();
});

test("a tree is one transaction: created, changed and deleted objects all come back", async () => {
  const bench = await startBench();
  const url = "/api/mo/uni/tn-k8s.json";
  await bench.post(url, floatingDesign());
  const before = new Map(bench.fabric.objects());
  const answer = await bench.post(
    url,
    mo(
      "fvTenant",
      { name: "k8s", descr: "changed" },
      mo("fvCtx", { name: "new" }),
      mo("l3extOut", { name: "O", status: "deleted" }),
      mo("bgpCtxPol", { name: "K8S", kaIntvl: "5" }),
      mo("l3extOut", { name: "bad", enforceRtctrl: "import" }),
    ),
  );
  assert.is(answer.status, 400);
  assert.equal([...bench.fabric.objects().keys()].sort(), [...before.keys()].sort());
  for (const [dn, object] of before) assert.equal(bench.fabric.objects().get(dn), object, dn);
  assert.is((await bench.get("/api/class/l3extVirtualLIfP.json")).totalCount, "2");
  await bench.close();
});

test("DELETE removes a subtree; again, and on what never was, is fine", async () => {
  const bench = await startBench();
  await bench.post("/api/mo/uni/tn-k8s.json", floatingDesign());
  for (let round = 0; round < 2; round++) {
    const answer = await bench.send("DELETE", "/api/mo/uni/tn-k8s/out-O.json");
    assert.is(answer.status, 200);
    assert.is(answer.text, '{"totalCount":"0","imdata":[]}');
  }
  assert.is((await bench.get("/api/class/bgpPeerP.json")).totalCount, "0");
  assert.is((await bench.send("DELETE", "/api/mo/uni.json")).error.code, "107");
  await bench.close();
});

test("rsp-subtree=modified tells what changed, and nothing when nothing did", async () => {
  const bench = await startBench();
  const url = "/api/mo/uni/tn-k8s.json?rsp-subtree=modified";
  const body = mo("fvTenant", { name: "k8s" }, mo("bgpCtxPol", { name: "P", kaIntvl: "2" }));
  const [created] = (await bench.post(url, body)).objects;
  assert.is(created?.className, "bgpCtxPol");
  assert.is(created?.attributes.status, "created");
  assert.is((await bench.post(url, body)).text, '{"totalCount":"0","imdata":[]}');
  const change = mo("fvTenant", { name: "k8s", descr: "d" }, mo("bgpCtxPol", { name: "P", kaIntvl: "3" }));
  const [tenant] = (await bench.post(url, change)).objects;
  assert.is(tenant?.attributes.descr, "d");
  assert.is(tenant?.attributes.dn, "uni/tn-k8s");
  assert.is(tenant?.children[0]?.attributes.kaIntvl, "3");
  assert.is(tenant?.children[0]?.attributes.rn, "bgpCtxP-P");
  assert.is(tenant?.children[0]?.attributes.status, "modified");
  assert.not.ok("holdIntvl" in (tenant?.children[0]?.attributes ?? {}));
  const gone = mo("bgpCtxPol", { name: "P", status: "deleted" });
  assert.is((await bench.post(url, gone)).objects[0]?.attributes.status, "deleted");
  await bench.close();
});

test("the envelope of a GET is taken as a body", async () => {
  const bench = await startBench();
  const body = { totalCount: "2", imdata: [mo("fvTenant", { name: "a" }), mo("fvTenant", { name: "b" })] };
  assert.is((await bench.post("/api/mo/uni.json", body)).status, 200);
  assert.is(await bench.attribute("uni/tn-b", "name"), "b");
  await bench.close();
});

test("read-only attributes in a body are taken and ignored", async () => {
  const bench = await startBench();
  const body = mo("bgpCtxPol", { name: "P", modTs: "never", lcOwn: "policy", uid: "1", childAction: "deleteAll" });
  assert.is((await bench.post("/api/mo/uni/tn-k8s.json", body)).status, 200);
  assert.is(await bench.attribute("uni/tn-k8s/bgpCtxP-P", "lcOwn"), "local");
  assert.is(await bench.attribute("uni/tn-k8s/bgpCtxP-P", "uid"), "15374");
  await bench.close();
});

test("modTs moves when something changes and only then", async () => {
  const bench = await startBench();
  const dn = "uni/tn-k8s/bgpCtxP-P";
  await bench.post(`/api/mo/${dn}.json`, mo("bgpCtxPol", { kaIntvl: "2" }));
  const first = bench.fabric.objects().get(dn);
  await bench.post(`/api/mo/${dn}.json`, mo("bgpCtxPol", { kaIntvl: "2" }));
  assert.is(bench.fabric.objects().get(dn), first);
  await bench.post(`/api/mo/${dn}.json`, mo("bgpCtxPol", { kaIntvl: "3" }));
  assert.is.not(bench.fabric.objects().get(dn), first);
  assert.match(first?.attributes.modTs ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/);
  await bench.close();
});

test("a password is kept, never shown, replaced and removed", async () => {
  const bench = await startBench();
  await bench.post("/api/mo/uni/tn-k8s.json", floatingDesign());
  const dn = "uni/tn-k8s/out-O/lnodep-N/lifp-I/vlifp-[topology/pod-1/node-201]-[vlan-310]/peerP-[192.168.2.0/24]";
  const peer = () => bench.fabric.objects().get(dn);
  assert.is(peer()?.secure.password, "bgp-secret");
  for (const query of ["", "?rsp-subtree=full", "?rsp-prop-include=config-only"]) {
    assert.not.match((await bench.get(`/api/mo/uni/tn-k8s.json${query}`)).text, /bgp-secret|"password"/);
    assert.not.match((await bench.get(`/api/mo/${dn}.json${query}`)).text, /bgp-secret|"password"/);
  }
  const set = (password: string) => bench.post(`/api/mo/${dn}.json?rsp-subtree=modified`, mo("bgpPeerP", { password }));
  assert.is((await set("bgp-secret")).totalCount, "0");
  assert.is((await bench.post(`/api/mo/${dn}.json`, mo("bgpPeerP", { descr: "d" }))).status, 200);
  assert.is(peer()?.secure.password, "bgp-secret");
  const changed = await set("another-secret");
  assert.is(changed.objects[0]?.attributes.status, "modified");
  assert.not.match(changed.text, /another-secret/);
  assert.is(peer()?.secure.password, "another-secret");
  const leaf = "topology/pod-1/node-201/sys/bgp/inst/dom-k8s:calico/peer-[192.168.2.0/24]";
  assert.is(await bench.attribute(leaf, "passwdSet"), "enabled");
  await set("");
  assert.is(await bench.attribute(leaf, "passwdSet"), "disabled");
  const long = await set("x".repeat(65));
  assert.is(long.error.code, "801");
  assert.not.match(long.text, /xxx/);
  await bench.close();
});

test.run();
