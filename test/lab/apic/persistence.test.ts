import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { LabObject } from "../../../lab/parts.ts";
import { floatingDesign } from "./floating.ts";
import { closeBenches, credentials, mo, spec, startBench } from "./simulator.ts";

const test = suite("state between runs");
test.after.each(closeBenches);

test("configuration, deletions and passwords survive; sessions and reports do not", async () => {
  const first = await startBench();
  await first.post("/api/mo/uni.json", floatingDesign());
  await first.send("DELETE", "/api/mo/uni/tn-common/brc-default.json");
  const dn = "topology/pod-1/node-201/sys/uribv4/dom-k8s:calico/db-rt/rt-[10.1.0.0/26]";
  first.fabric.report("topology/pod-1/node-201/sys/uribv4", [{ className: "uribv4Route", dn, attributes: {} }]);
  const before = first.fabric.objects();
  const { cookie, directory } = first;
  await first.stop();

  const second = await startBench({ directory, login: false });
  assert.is((await second.send("GET", "/api/mo/uni.json", undefined, { cookie })).status, 403);
  await second.login();
  const after = second.fabric.objects();
  const configured = (objects: ReadonlyMap<string, unknown>) => [...objects.keys()].filter((one) => one.startsWith("uni")).sort();
  assert.equal(configured(after), configured(before));
  const untimed = (object: LabObject | undefined) => ({ ...object, attributes: { ...object?.attributes, modTs: "" } });
  for (const name of configured(before)) {
    // mirrors of relations are made anew, as is everything that follows from the configuration
    const mirror = /^[a-z0-9]+Rt[A-Z]/.test(before.get(name)?.className ?? "");
    if (mirror) assert.equal(untimed(after.get(name)), untimed(before.get(name)), name);
    else assert.equal(after.get(name), before.get(name), name);
  }
  assert.not.ok(after.has(dn));
  assert.ok(after.has("topology/pod-1/node-201/sys/bgp/inst/dom-k8s:calico"));
  const peer = "uni/tn-k8s/out-O/lnodep-N/lifp-I/vlifp-[topology/pod-1/node-202]-[vlan-310]/peerP-[192.168.2.0/24]";
  assert.is(after.get(peer)?.secure.password, "bgp-secret");
  assert.not.ok(after.has("uni/tn-common/brc-default"));
  await second.close();
});

test("no secret lies in the state file in clear", async () => {
  const bench = await startBench();
  await bench.post("/api/mo/uni.json", floatingDesign());
  await bench.stop();
  const sealed = readFileSync(path.join(bench.directory, "apic.sealed"), "latin1");
  assert.ok(sealed.length > 1000);
  assert.not.match(sealed, /bgp-secret|lab-password|uni\/tn-k8s/);
  await bench.close();
});

test("an inventory that grew or changed brings its new things, and nothing else back", async () => {
  const first = await startBench();
  await first.send("DELETE", "/api/mo/uni/tn-k8s/ctx-calico.json");
  await first.stop();
  const second = await startBench({
    directory: first.directory,
    login: false,
    spec: { ...spec, asn: 65010, password: "changed", vrfs: [...spec.vrfs, { tenant: "other", vrf: "V" }] },
  });
  assert.is((await second.post("/api/aaaLogin.json", credentials("admin", "lab-password"))).status, 401);
  assert.is((await second.post("/api/aaaLogin.json", credentials("admin", "changed"))).status, 200);
  assert.ok(second.fabric.objects().has("uni/tn-other/ctx-V"));
  assert.not.ok(second.fabric.objects().has("uni/tn-k8s/ctx-calico"));
  assert.is(second.fabric.asn, 65010);
  await second.close();
});

test("a state file that cannot be read is a fresh start", async () => {
  const first = await startBench();
  await first.post("/api/mo/uni/tn-k8s.json", mo("fvCtx", { name: "lost" }));
  await first.stop();
  writeFileSync(path.join(first.directory, "key"), Buffer.alloc(32));
  const second = await startBench({ directory: first.directory });
  assert.is(await second.attribute("uni/tn-k8s/ctx-lost", "name"), undefined);
  assert.is(await second.attribute("uni/tn-k8s/ctx-calico", "name"), "calico");
  await second.close();
});

test.run();
