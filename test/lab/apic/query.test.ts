import { suite } from "uvu";
import * as assert from "uvu/assert";
import { floatingDesign } from "./floating.ts";
import { type Bench, closeBenches, type Found, mo, startBench } from "./simulator.ts";

const test = suite<{ bench: Bench }>("queries");

test.before(async (context) => {
  context.bench = await startBench();
  const answer = await context.bench.post("/api/mo/uni/tn-k8s.json", floatingDesign());
  assert.is(answer.status, 200, answer.error.text);
});
test.after(closeBenches);

const out = "uni/tn-k8s/out-O";
const anchor = `${out}/lnodep-N/lifp-I/vlifp-[topology/pod-1/node-201]-[vlan-310]`;

function dns(objects: readonly Found[]): readonly (string | undefined)[] {
  return objects.map((object) => object.attributes.dn);
}

function classes(object: Found | undefined): readonly string[] {
  return (object?.children ?? []).map((child) => child.className);
}

test("one object by DN, with dn, without rn, attributes in ASCII order", async ({ bench }) => {
  const answer = await bench.get(`/api/mo/${out}.json`);
  const [found] = answer.objects;
  assert.is(answer.totalCount, "1");
  assert.is(found?.className, "l3extOut");
  assert.is(found?.attributes.dn, out);
  assert.not.ok("rn" in (found?.attributes ?? {}));
  assert.is(found?.attributes.status, "");
  const names = Object.keys(found?.attributes ?? {});
  assert.equal(
    names,
    [...names].sort((a, b) => (a < b ? -1 : 1)),
  );
  assert.not.ok(answer.text.includes('"children"'));
});

test("an unknown DN is an empty answer, not a 404", async ({ bench }) => {
  const answer = await bench.get("/api/mo/uni/tn-none/out-O.json");
  assert.is(answer.status, 200);
  assert.is(answer.text, '{"totalCount":"0","imdata":[]}');
});

test("brackets in a DN literal and encoded, with and without node/", async ({ bench }) => {
  for (const url of [
    `/api/mo/${anchor}.json`,
    `/api/node/mo/${anchor}.json`,
    `/api/mo/${anchor.replaceAll("[", "%5B").replaceAll("]", "%5D")}.json`,
  ]) {
    assert.is((await bench.get(url)).objects[0]?.attributes.addr, "192.168.2.201/24", url);
  }
});

test("children carry rn and no dn", async ({ bench }) => {
  const [found] = (await bench.get(`/api/mo/${out}.json?rsp-subtree=children`)).objects;
  assert.ok(found?.children.some((child) => child.attributes.rn === "rsectx"));
  assert.not.ok(found?.children.some((child) => "dn" in child.attributes));
  assert.equal(
    found?.children.flatMap((child) => child.children),
    [],
  );
});

test("a whole subtree, and the way to one class in it", async ({ bench }) => {
  const [full] = (await bench.get(`/api/mo/${out}.json?rsp-subtree=full`)).objects;
  const profile = full?.children.find((child) => child.className === "l3extLNodeP");
  const interfaces = profile?.children.find((child) => child.className === "l3extLIfP");
  assert.is(interfaces?.children.filter((child) => child.className === "l3extVirtualLIfP").length, 2);
  const [narrow] = (await bench.get(`/api/mo/${out}.json?rsp-subtree=full&rsp-subtree-class=bgpAsP`)).objects;
  assert.equal(classes(narrow), ["l3extLNodeP"]);
  assert.is(JSON.stringify(narrow).match(/bgpAsP/g)?.length, 2);
  assert.not.match(JSON.stringify(narrow), /l3extIp/);
});

test("rsp-subtree-filter and required", async ({ bench }) => {
  const filter = 'rsp-subtree-filter=eq(l3extSubnet.ip,"10.1.0.0/16")';
  const epg = `/api/class/l3extInstP.json?rsp-subtree=children&${filter}`;
  const [found] = (await bench.get(epg)).objects;
  assert.equal(
    found?.children.map((child) => child.attributes.ip),
    ["10.1.0.0/16"],
  );
  const none = epg.replace("10.1.0.0/16", "10.9.0.0/16");
  assert.is((await bench.get(none)).totalCount, "1");
  assert.is((await bench.get(`${none}&rsp-subtree-include=required`)).totalCount, "0");
});

test("query-target and target-subtree-class", async ({ bench }) => {
  const children = await bench.get(`/api/mo/${anchor}.json?query-target=children`);
  assert.equal(children.objects.map((object) => object.className).sort(), ["bgpPeerP", "l3extIp", "l3extRsDynPathAtt"]);
  const subtree = await bench.get("/api/mo/uni/tn-k8s.json?query-target=subtree&target-subtree-class=bgpAsP,l3extIp");
  assert.is(subtree.totalCount, "4");
  assert.ok(subtree.objects.every((object) => object.attributes.dn?.startsWith(out)));
});

test("class queries: everywhere, on one node, abstract, unknown", async ({ bench }) => {
  assert.is((await bench.get("/api/class/bgpDom.json")).totalCount, "2");
  const node = await bench.get("/api/node/class/topology/pod-1/node-202/bgpDom.json");
  assert.equal(dns(node.objects), ["topology/pod-1/node-202/sys/bgp/inst/dom-k8s:calico"]);
  assert.is((await bench.get("/api/class/infraDomP.json")).totalCount, "2");
  const unknown = await bench.get("/api/class/fvNothing.json");
  assert.equal(unknown.error, { code: "400", text: "Request failed, unresolved class for fvNothing" });
  const target = await bench.get("/api/mo/uni.json?query-target=subtree&target-subtree-class=fvNothing");
  assert.equal(target.error, { code: "122", text: "unknown managed object class fvNothing" });
});

test("what is shown of each object", async ({ bench }) => {
  const config = (await bench.get(`/api/mo/${anchor}.json?rsp-prop-include=config-only`)).objects[0]?.attributes ?? {};
  assert.is(config.mtu, "9000");
  assert.is(config.encap, "vlan-310");
  assert.not.ok("modTs" in config || "status" in config || "lcOwn" in config);
  const naming = (await bench.get(`/api/mo/${anchor}.json?rsp-prop-include=naming-only`)).objects[0]?.attributes ?? {};
  assert.equal(Object.keys(naming), ["dn", "encap", "nodeDn"]);
  const leaf = await bench.get("/api/mo/topology/pod-1/node-201.json?rsp-subtree=full&rsp-prop-include=config-only");
  assert.equal(leaf.objects[0]?.children, []);
});

test("order and pages; the total counts all pages", async ({ bench }) => {
  const names = async (query: string) =>
    (await bench.get(`/api/class/fabricNode.json?${query}`)).objects.map((object) => object.attributes.id);
  assert.equal(await names("order-by=fabricNode.id|desc"), ["202", "201", "101", "3", "2", "1"]);
  assert.equal(await names("order-by=fabricNode.role|asc,fabricNode.id|desc"), ["3", "2", "1", "202", "201", "101"]);
  assert.equal(await names("order-by=fabricNode.id|asc&page=1&page-size=4"), ["201", "202"]);
  assert.is((await bench.get("/api/class/fabricNode.json?page=1&page-size=4")).totalCount, "6");
});

test("count", async ({ bench }) => {
  const answer = await bench.get("/api/class/fabricNode.json?rsp-subtree-include=count");
  assert.is(answer.totalCount, "1");
  assert.is(answer.objects[0]?.className, "moCount");
  assert.is(answer.objects[0]?.attributes.count, "6");
});

test("faults are shown only when asked for", async ({ bench }) => {
  await bench.post(
    "/api/mo/uni/tn-k8s/out-O.json",
    mo("l3extOut", {}, mo("l3extInstP", { name: "default" }, mo("fvRsProv", { tnVzBrCPName: "none" }))),
  );
  const plain = await bench.get(`/api/mo/${out}.json?rsp-subtree=full`);
  assert.not.match(plain.text, /faultInst/);
  const only = await bench.get(`/api/mo/${out}.json?rsp-subtree-include=faults,no-scoped,subtree`);
  assert.equal(dns(only.objects), [`${out}/instP-default/rsprov-none/fault-F0974`]);
  const relation = await bench.get(`/api/mo/${out}/instP-default/rsprov-none.json?rsp-subtree-include=faults`);
  assert.equal(classes(relation.objects[0]), ["faultInst"]);
  const counted = await bench.get(`/api/mo/${out}.json?rsp-subtree-include=fault-count,subtree`);
  assert.is(counted.objects[0]?.children.find((child) => child.className === "faultCounts")?.attributes.warn, "1");
  const searched = await bench.get(`/api/class/faultInst.json?query-target-filter=wcard(faultInst.descr,"none")`);
  assert.is(searched.totalCount, "1");
  await bench.send("DELETE", `/api/mo/${out}/instP-default/rsprov-none.json`);
  assert.is((await bench.get("/api/class/faultInst.json")).totalCount, "0");
});

test("words that no query knows are refused", async ({ bench }) => {
  for (const query of ["query-target=all", "rsp-subtree=deep", "rsp-prop-include=some", "rsp-subtree-include=everything"]) {
    assert.is((await bench.get(`/api/mo/uni.json?${query}`)).status, 400, query);
  }
});

test.run();
