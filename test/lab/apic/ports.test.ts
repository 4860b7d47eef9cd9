import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { LabPort } from "../../../lab/parts.ts";
import { floatingDesign } from "./floating.ts";
import { type Bench, closeBenches, mo, server, spec, startBench } from "./simulator.ts";
import { MASTER_PATH, standardDesign } from "./standard.ts";

const test = suite("ports, bundles and paths");
test.after.each(closeBenches);

const nodes = [server("master-1", "eth1/11"), server("worker-1", "eth1/12")];
const sys = (id: number) => `topology/pod-1/node-${id}/sys`;
const link = (leafId: number, port: string, change: Partial<LabPort> = {}): LabPort => ({
  leafId,
  port,
  node: "master-1",
  up: true,
  lacp: true,
  ...change,
});

async function paths(bench: Bench): Promise<readonly string[]> {
  const found = await bench.get("/api/class/fabricPathEp.json");
  return found.objects.map(({ attributes }) => `${attributes.dn?.slice("topology/pod-1/".length)} ${attributes.lagT}`).sort();
}

async function vpcs(bench: Bench): Promise<readonly string[]> {
  const found = await bench.get(`/api/class/vpcIf.json?query-target-filter=eq(vpcIf.fabricPathDn,"${MASTER_PATH}")`);
  return found.objects
    .map(({ attributes }) => {
      const { dn, localOperSt, remoteOperSt, cfgdVlans, upVlans } = attributes;
      return `${/node-(\d+)/.exec(dn ?? "")?.[1]} ${localOperSt}/${remoteOperSt} ${cfgdVlans}:${upVlans}`;
    })
    .sort();
}

test("a prepared fabric has a path for every server: vPC, port channel or port", async () => {
  const others = [
    server("storage", "eth1/20", { leaves: [202], ports: ["eth1/20"] }),
    server("old", "eth1/30", { leaves: [201], ports: ["eth1/30"], policyGroup: undefined }),
  ];
  const bench = await startBench({ nodes: [...nodes, ...others] });
  assert.equal(await paths(bench), [
    "paths-201/pathep-[eth1/30] not-aggregated",
    "paths-202/pathep-[storage] link",
    "protpaths-201-202/pathep-[master-1] node",
    "protpaths-201-202/pathep-[worker-1] node",
  ]);
  assert.is((await bench.get("/api/class/faultInst.json")).totalCount, "0");
  await bench.close();
});

test("without preparation there is nothing; a playbook's policies make the paths, in either model", async () => {
  const bench = await startBench({ nodes, spec: { ...spec, prepared: false } });
  const none = [
    "fabricPathEp",
    "fvnsVlanInstP",
    "physDomP",
    "l3extDomP",
    "infraAttEntityP",
    "infraAccBndlGrp",
    "fabricExplicitGEp",
  ];
  for (const name of none) assert.is((await bench.get(`/api/class/${name}.json`)).totalCount, "0", name);
  const post = async (url: string, body: unknown) => {
    const answer = await bench.post(url, body);
    assert.is(answer.status, 200, answer.error.text);
  };
  const group = "uni/infra/funcprof/accbundle-master-1";
  await post(
    "/api/mo/uni/infra.json",
    mo(
      "infraInfra",
      {},
      mo("infraFuncP", {}, mo("infraAccBndlGrp", { name: "master-1", lagT: "node" })),
      mo(
        "infraAccPortP",
        { name: "P" },
        mo(
          "infraHPortS",
          { name: "S", type: "range" },
          mo("infraPortBlk", { name: "b", fromPort: "11", toPort: "11" }),
          mo("infraRsAccBaseGrp", { tDn: group }),
        ),
      ),
      mo(
        "infraNodeP",
        { name: "N" },
        mo("infraLeafS", { name: "L", type: "range" }, mo("infraNodeBlk", { name: "b", from_: "201", to_: "202" })),
        mo("infraRsAccPortP", { tDn: "uni/infra/accportprof-P" }),
      ),
    ),
  );
  assert.equal(await paths(bench), [], "a vPC needs a pair of leaves");
  const pair = [201, 202].map((id) => mo("fabricNodePEp", { id: String(id) }));
  await post(
    "/api/mo/uni/fabric/protpol.json",
    mo("fabricProtPol", {}, mo("fabricExplicitGEp", { name: "p", id: "7" }, ...pair)),
  );
  assert.equal(await paths(bench), ["protpaths-201-202/pathep-[master-1] node"]);
  assert.is(await bench.attribute(`${sys(201)}/vpc/inst/dom-7`, "peerSt"), "up");
  await bench.send("DELETE", "/api/mo/uni/infra/nprof-N.json");
  assert.equal(await paths(bench), []);
  await post(
    "/api/mo/uni/infra.json",
    mo("infraInfra", {}, mo("infraPortConfig", { node: "202", card: "1", port: "11", subPort: "0", assocGrp: group })),
  );
  assert.equal(await paths(bench), ["protpaths-201-202/pathep-[master-1] node"]);
  assert.is((await bench.get("/api/class/pcAggrIf.json")).totalCount, "1", "only one leaf has a port in it");
  await bench.close();
});

test("a bundle is up when the server speaks LACP, and each leaf knows of the other", async () => {
  const bench = await startBench({ nodes });
  await bench.post("/api/mo/uni.json", standardDesign());
  assert.equal(await vpcs(bench), ["201 down/down 311:", "202 down/down 311:"]);
  bench.fabric.plug([link(201, "eth1/11"), link(202, "eth1/11", { lacp: false })]);
  assert.equal(await vpcs(bench), ["201 up/down 311:311", "202 down/up 311:"]);
  const port = (id: number) => `${sys(id)}/phys-[eth1/11]`;
  assert.is(await bench.attribute(`${port(201)}/phys`, "bundleIndex"), "po1");
  assert.is(await bench.attribute(`${port(202)}/phys`, "operSt"), "up", "an individual port");
  assert.is(await bench.attribute(`${port(202)}/phys`, "bundleIndex"), "unspecified");
  assert.is(await bench.attribute(`${sys(201)}/aggr-[po1]/rsmbrIfs-[${port(201)}]`, "state"), "formed");
  assert.is(await bench.attribute(`${sys(202)}/aggr-[po1]`, "operSt"), "down");
  assert.is(await bench.attribute(`${sys(201)}/lldp/inst/if-[eth1/11]/adj-1`, "sysName"), "master-1");
  await bench.post("/api/mo/uni/infra/lacplagp-lacp-active.json", mo("lacpLagPol", { ctrl: "susp-individual" }));
  assert.is(await bench.attribute(`${port(202)}/phys`, "operStQual"), "suspended-due-to-no-lacp-pdus");
  bench.fabric.plug([link(201, "eth1/11", { up: false, lacp: false }), link(202, "eth1/11")]);
  assert.equal(await vpcs(bench), ["201 down/up 311:", "202 up/down 311:311"]);
  assert.is(await bench.attribute(`${port(201)}/phys`, "operStQual"), "link-failure");
  assert.is(await bench.attribute(`${sys(201)}/lldp/inst/if-[eth1/11]/adj-1`, "sysName"), undefined);
  await bench.close();
});

test("a floating SVI reaches every port whose AAEP has its domain", async () => {
  const bench = await startBench({ nodes });
  bench.fabric.plug([link(201, "eth1/11"), link(202, "eth1/11")]);
  await bench.post("/api/mo/uni.json", floatingDesign());
  assert.equal(await vpcs(bench), ["201 up/up 310:310", "202 up/up 310:310"]);
  await bench.send("DELETE", "/api/mo/uni/infra/attentp-phys/rsdomP-[uni/phys-phys].json");
  assert.equal(await vpcs(bench), ["201 up/up :", "202 up/up :"]);
  await bench.close();
});

test("what is plugged in is no write", async () => {
  const bench = await startBench({ nodes });
  let heard = 0;
  bench.fabric.onWrite(() => heard++);
  bench.fabric.plug([link(201, "eth1/11")]);
  await bench.get("/api/class/fabricPathEp.json");
  assert.is(heard, 0);
  await bench.close();
});

test.run();
