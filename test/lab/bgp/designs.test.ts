import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Family, familyOf } from "../../../lab/bgp/prefix.ts";
import { computeRouting } from "../../../lab/bgp/routing.ts";
import { clusterOf, inputOf, learnedBy, onLeaf, route } from "./design.ts";
import { podPrefix } from "./design-addresses.ts";
import { type Design, LEAVES } from "./design-choices.ts";

const test = suite("BGP model, every design of the paper");
const NODES = [0, 1, 2, 3, 4, 5];
const PODS = ["10.1.0.0/16", "fd00:10::/112"];

/** Every cell of the table. */
const CELLS = (["floating", "standard"] as const).flatMap((svi) =>
  (["calico", "kube-router", "cilium"] as const).flatMap((cni) =>
    ([["ipv4"], ["ipv4", "ipv6"], ["ipv6"]] as const).map((families) => ({ svi, cni, families })),
  ),
);

/** A design without service ranges, so that pod prefixes are all that is told. */
function cell(change: Partial<Design>): Partial<Design> {
  return { services: false, matched: PODS, vlanPool: [300, 499], ...change };
}

for (const { svi, cni, families } of CELLS) {
  const name = `${svi} SVI, ${cni}, ${families.join(" and ")}`;
  const design = cell({ svi, cni, families });

  test(`${name}: every node with both leaves of its rack in every family`, () => {
    const { sessions, unreachable } = route(design);
    assert.is(sessions.length, 12 * families.length);
    assert.equal(
      sessions.filter((session) => !session.established).map((session) => session.reason),
      [],
    );
    for (const family of families) {
      const own = sessions.filter((session) => session.node === "n1" && familyOf(session.leafAddress) === family);
      assert.equal(
        own.map((session) => session.leafId),
        [203, 204],
      );
      assert.ok(own.every((session) => familyOf(session.nodeAddress) === family));
    }
    assert.equal(unreachable, []);
  });

  test(`${name}: every leaf has every node's pod prefixes, its own nodes' over eBGP`, () => {
    const routing = route(design);
    const expected = families.flatMap((family: Family) => NODES.map((index) => podPrefix(family, index)));
    for (const leaf of LEAVES) {
      assert.equal(
        onLeaf(routing, leaf.id).filter((prefix) => expected.includes(prefix)),
        expected,
      );
      for (const index of NODES) {
        for (const family of families) {
          const found = routing.routes.find((item) => item.leafId === leaf.id && item.prefix === podPrefix(family, index));
          const isNear = (index % 2 === 0) === leaf.id < 203;
          assert.equal(
            found?.nextHops.map((hop) => hop.routeType),
            isNear ? ["ebgp"] : ["ibgp", "ibgp"],
          );
        }
      }
    }
  });

  test(`${name}: ${cni === "cilium" ? "nodes take nothing" : "a node has every other node's pod prefixes from both leaves"}`, () => {
    const routing = route(design);
    const others = families.flatMap((family: Family) => NODES.slice(1).map((index) => podPrefix(family, index)));
    assert.equal(learnedBy(routing, "n0"), cni === "cilium" ? [] : others);
    const learned = routing.nodeRoutes.filter((item) => item.node === "n0");
    assert.ok(learned.every(({ paths }) => paths.length === 2 && paths.every((path) => `${path.asPath}` === "65002,65002")));
    const received = routing.counts.filter((count) => count.node === "n0").map((count) => [count.sent, count.acceptedByNode]);
    assert.equal(
      received,
      families.flatMap(() => [0, 1]).map(() => [5, cni === "cilium" ? 0 : 5]),
    );
  });

  test(`${name}: without AS override a node takes nothing; with the AS check on it is not even sent anything`, () => {
    const checked = route({ ...design, peerControl: "as-override" });
    assert.ok(checked.counts.every((count) => count.sent === 0));
    const plain = route({ ...design, peerControl: "dis-peer-as-check" });
    assert.equal(plain.nodeRoutes, []);
    assert.ok(plain.counts.every((count) => count.sent === 5 && count.acceptedByNode === 0));
  });

  test(`${name}: a wrong password`, () => {
    const { sessions } = route({ ...design, nodePassword: "other" });
    const states = new Set(sessions.map((session) => `${session.leafState} ${session.nodeState}`));
    // A leaf with a host peer keeps trying; BIRD says Connect, GoBGP Active.
    const leaf = svi === "standard" ? "active" : "undefined";
    assert.equal([...states], [`${leaf} ${cni === "calico" ? "Connect" : "Active"}`]);
  });

  test(`${name}: a wrong AS number, and ports whose AAEP lacks the domain`, () => {
    assert.ok(route({ ...design, clusterAs: 65010 }).sessions.every((session) => session.leafState === "idle"));
    const { sessions, unreachable } = route({ ...design, inAaep: false });
    assert.ok(sessions.every((session) => !session.established && session.nodeState === "Active"));
    assert.is(unreachable.length, 6 * families.length);
  });

  test(`${name}: ECMP and prefix limit count for every family on its own`, () => {
    const limited = route({ ...design, cni, maxPfx: "1", blocksPerNode: 3 });
    assert.ok(limited.sessions.every((session) => session.established));
    assert.ok(limited.counts.every((count) => count.accepted === 1));
    assert.ok(route({ ...design, maxEcmp: "1" }).routes.every((item) => item.nextHops.length === 1));
  });
}

test("standard SVI: a VLAN of another node, and a vPC whose leaves are no pair", () => {
  const design = cell({ svi: "standard" });
  assert.ok(route({ ...design, nodeVlan: 320 }).sessions.every((session) => !session.established));
  assert.ok(route({ ...design, vpcPairs: false }).sessions.every((session) => session.leafState === undefined));
});

test("standard SVI: other racks' leaves know a node's subnet through the fabric, and the node's leaf is the next hop", () => {
  const routing = route(cell({ svi: "standard" }));
  const subnet = routing.routes.find((item) => item.leafId === 203 && item.prefix === "192.168.4.0/29");
  assert.equal(
    subnet?.nextHops.map((hop) => `${hop.address} ${hop.routeType}`),
    ["10.0.0.201 ibgp", "10.0.0.202 ibgp"],
  );
  const paths = routing.nodeRoutes.find((item) => item.node === "n0" && item.prefix === podPrefix("ipv4", 2))?.paths;
  assert.equal(
    paths?.map((path) => path.gateway),
    ["192.168.4.4", "192.168.4.5"],
  );
});

test("standard SVI: a leaf keeps trying a node that runs no BGP", () => {
  const input = inputOf(cell({ svi: "standard" }));
  const kube = input.kube.filter((item) => item.metadata.name !== "calico-node-0");
  const silent = computeRouting({ ...input, cluster: clusterOf(kube) }).sessions.filter((session) => session.node === "n0");
  assert.equal(
    silent.map(({ leafId, leafState, nodeState }) => [leafId, leafState, nodeState]),
    [
      [201, "active", undefined],
      [202, "active", undefined],
    ],
  );
});

test("standard SVI: a node peers with the leaves of its own path only", () => {
  const { sessions } = route(cell({ svi: "standard" }));
  assert.ok(sessions.every((session) => session.leafId < 203 === (Number(session.node.slice(1)) % 2 === 0)));
});

test("a router outside gets the default route to the leaves, and no cluster prefix but those that its L3Out exports", () => {
  const transit = (outsideExports: Design["outsideExports"], change: Partial<Design> = {}) => {
    const routing = route({ outsideExports, ...change });
    const sent = routing.counts.find((count) => count.node === "router of wan")?.sent;
    return { prefixes: learnedBy(routing, "router of wan"), sent, routing };
  };
  const closed = transit([]);
  assert.equal([closed.prefixes, closed.sent], [[], 0]);
  const hops = (leaf: number) =>
    closed.routing.routes.find((item) => item.leafId === leaf && item.prefix === "0.0.0.0/0")?.nextHops.map((hop) => hop.address);
  assert.equal([hops(201), hops(203)], [["192.0.2.2"], ["10.0.0.201"]]);
  // The export flag is for the exact prefix: the service range has it, the blocks of the pod range do not (aci-objects 5.2).
  assert.equal(
    transit([
      ["10.1.0.0/16", false],
      ["192.168.8.0/22", false],
    ]).prefixes,
    ["192.168.8.0/22"],
  );
  const blocks = transit([["10.1.0.0/16", true]]);
  assert.equal(
    blocks.prefixes,
    NODES.map((index) => podPrefix("ipv4", index)),
  );
  assert.is(blocks.sent, 6);
  assert.equal(blocks.routing.nodeRoutes.find((item) => item.node === "router of wan")?.paths[0]?.asPath, [65002, 65003]);
  assert.not.ok(learnedBy(closed.routing, "n0").includes("0.0.0.0/0"));
});

test.run();
