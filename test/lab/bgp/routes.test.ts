import { suite } from "uvu";
import * as assert from "uvu/assert";
import { computeRouting } from "../../../lab/bgp/routing.ts";
import { clusterOf, inputOf, learnedBy, onLeaf, route } from "./design.ts";
import { blockOf } from "./design-addresses.ts";

const test = suite("BGP routes");
const BLOCKS = [0, 1, 2, 3, 4, 5].map((index) => blockOf(index, 0));

test("every leaf has every pod block: nodes of its rack over eBGP, the others over the fabric", () => {
  const routing = route();
  for (const leaf of [201, 202, 203, 204]) assert.equal(onLeaf(routing, leaf), [...BLOCKS, "192.168.8.0/22"]);
  const on201 = (prefix: string) => routing.routes.find((item) => item.leafId === 201 && item.prefix === prefix)?.nextHops;
  assert.equal(on201(blockOf(0, 0)), [
    { address: "192.168.2.1", vrf: "k8s:calico", owner: "bgp-65002", routeType: "ebgp", preference: 20, tag: 65003 },
  ]);
  assert.equal(
    on201(blockOf(1, 0))?.map((hop) => `${hop.address} ${hop.vrf} ${hop.routeType} ${hop.preference}`),
    ["10.0.0.203 overlay-1 ibgp 200", "10.0.0.204 overlay-1 ibgp 200"],
  );
});

test("a service prefix has all nodes of the rack as next hops", () => {
  const found = route().routes.find((item) => item.leafId === 201 && item.prefix === "192.168.8.0/22");
  assert.equal(
    found?.nextHops.map((hop) => hop.address),
    ["192.168.2.1", "192.168.2.3", "192.168.2.5"],
  );
});

test("64 of 96 paths are installed", () => {
  const widest = (maxEcmp: string) =>
    route({ nodesPerRack: 96, maxEcmp }).routes.find((item) => item.leafId === 201 && item.prefix === "192.168.8.0/22")?.nextHops
      .length;
  assert.is(widest("64"), 64);
  assert.is(widest("16"), 16);
});

test("a node learns the others' blocks: same rack from the node itself, other rack from both leaves, path 65002 65002", () => {
  const routing = route();
  assert.equal(learnedBy(routing, "n0"), BLOCKS.slice(1));
  const paths = (prefix: string) => routing.nodeRoutes.find((item) => item.node === "n0" && item.prefix === prefix)?.paths;
  assert.equal(paths(blockOf(2, 0)), [
    { gateway: "192.168.2.3", peer: "192.168.2.201", asPath: [65002, 65002] },
    { gateway: "192.168.2.3", peer: "192.168.2.202", asPath: [65002, 65002] },
  ]);
  assert.equal(
    paths(blockOf(1, 0))?.map((path) => path.gateway),
    ["192.168.2.201", "192.168.2.202"],
  );
});

test("the SVI's subnet is sent when the export map has it, and the node keeps its connected route", () => {
  const routing = route({ matched: ["192.168.2.0/23"] });
  assert.is(routing.counts[0]?.sent, 1);
  assert.equal(learnedBy(routing, "n0"), []);
});

test("without AS override leaves keep their routes, but no node takes one", () => {
  const routing = route({ peerControl: "dis-peer-as-check" });
  assert.equal(onLeaf(routing, 201), [...BLOCKS, "192.168.8.0/22"]);
  assert.equal(learnedBy(routing, "n0"), []);
  assert.ok(
    routing.rejected.some((item) => item.by === "n0" && item.prefix === BLOCKS[1] && item.reason === "own AS in the path"),
  );
});

test("with the peer AS check on the leaf sends nothing of the cluster", () => {
  const routing = route({ peerControl: "as-override" });
  assert.equal(learnedBy(routing, "n0"), []);
  assert.is(routing.counts[0]?.sent, 0);
  assert.not.ok(routing.rejected.some((item) => item.by === "n0"));
});

test("a rogue prefix stays out of every table", () => {
  const routing = route({ rogue: "172.30.1.0/24" });
  for (const leaf of [201, 202, 203, 204]) assert.not.ok(onLeaf(routing, leaf).includes("172.30.1.0/24"));
  assert.ok(
    routing.rejected.some(
      (item) => item.by === "leaf 201" && item.prefix === "172.30.1.0/24" && item.reason === "import route map",
    ),
  );
  assert.ok(onLeaf(route({ rogue: "172.30.1.0/24", enforce: "export" }), 201).includes("172.30.1.0/24"));
});

test("without aggregate only the exact prefix passes: the service range, not the blocks", () => {
  assert.equal(onLeaf(route({ aggregate: "no" }), 201), ["192.168.8.0/22"]);
});

test("import enforced without a route map lets nothing in", () => {
  assert.equal(onLeaf(route({ matched: [] }), 201), []);
});

test("a path of two ASes is refused by the maximum AS limit of 1, and only by it", () => {
  const filterRules = [{ action: "Accept", operations: [{ prependASPath: { prefix: [65099] } }] }];
  const limited = route({ filterRules });
  assert.equal(onLeaf(limited, 201), []);
  assert.ok(limited.rejected.every((item) => item.reason === "AS path longer than 1"));
  assert.equal(onLeaf(route({ filterRules, maxAsLimit: "0" }), 201), [...BLOCKS, "192.168.8.0/22"]);
});

test("more prefixes than the limit: reject keeps the session and drops the rest, shut ends it, log only says so", () => {
  const many = { nodesPerRack: 1, blocksPerNode: 20, maxPfx: "5" };
  const rejecting = route({ ...many, limitAction: "reject" });
  assert.ok(rejecting.sessions.every((session) => session.established));
  assert.equal(
    rejecting.counts.map((count) => [count.received, count.accepted, count.overLimit]),
    Array.from({ length: 4 }, () => [21, 5, true]),
  );
  const shut = route({ ...many, limitAction: "shut" });
  assert.ok(shut.sessions.every((session) => session.leafState === "idle" && session.nodeState === "Idle"));
  assert.equal(onLeaf(shut, 201), []);
  assert.is(onLeaf(route({ ...many, limitAction: "log" }), 201).length, 41);
});

test("a BGPFilter on import keeps a route off the node", () => {
  const input = inputOf();
  const kube = input.kube.map((item) =>
    item.kind === "BGPFilter"
      ? { ...item, spec: { importV4: [{ action: "Reject", cidr: blockOf(1, 0), matchOperator: "Equal" }] } }
      : item,
  );
  assert.not.ok(learnedBy(computeRouting({ ...input, cluster: clusterOf(kube) }), "n0").includes(blockOf(1, 0)));
});

test("blocks that are not confirmed, deleted, or in a pool that is not exported are not announced", () => {
  const input = inputOf();
  const withSpec = (change: Record<string, unknown>) =>
    input.kube.map((item) =>
      item.metadata.name === "n0-0"
        ? { ...item, spec: { node: "n0", cidr: blockOf(0, 0), state: "confirmed", deleted: "false", ...change } }
        : item,
    );
  const announced = (kube: typeof input.kube) =>
    onLeaf(computeRouting({ ...input, cluster: clusterOf(kube) }), 201).includes(blockOf(0, 0));
  assert.ok(announced(withSpec({})));
  assert.not.ok(announced(withSpec({ state: "pending" })));
  assert.not.ok(announced(withSpec({ deleted: "true" })));
  const pool = {
    apiVersion: "v3",
    kind: "IPPool",
    metadata: { name: "p" },
    spec: { cidr: "10.1.0.0/16", disableBGPExport: true },
  };
  assert.not.ok(announced([...input.kube, pool]));
});

test("an excluded node withdraws service prefixes and keeps its blocks; a local service adds its /32 where it has an endpoint", () => {
  const input = inputOf();
  const kube = [
    ...input.kube.map((item) =>
      item.kind === "Node" && item.metadata.name === "n0"
        ? {
            ...item,
            metadata: {
              ...item.metadata,
              labels: { rack_id: "1", "node.kubernetes.io/exclude-from-external-load-balancers": "true" },
            },
          }
        : item,
    ),
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web", namespace: "default" },
      spec: { externalTrafficPolicy: "Local", clusterIP: "192.168.8.80" },
    },
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: "web-1", namespace: "default", labels: { "kubernetes.io/service-name": "web" } },
      endpoints: ["n0", "n2"].map((nodeName) => ({ nodeName, conditions: { ready: true } })),
    },
  ];
  const routing = computeRouting({ ...input, cluster: clusterOf(kube) });
  const hops = (prefix: string) =>
    routing.routes.find((item) => item.leafId === 201 && item.prefix === prefix)?.nextHops.map((hop) => hop.address);
  assert.equal(hops("192.168.8.0/22"), ["192.168.2.3", "192.168.2.5"]);
  assert.equal(hops("192.168.8.80/32"), ["192.168.2.3"]);
  assert.equal(hops(blockOf(0, 0)), ["192.168.2.1"]);
});

test.run();
