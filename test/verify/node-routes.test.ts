import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { FoundObject } from "../../runner/connect/managed-object.ts";
import { nodeRoutes } from "../../tasks/verify/node-routes.ts";
import { leaves, observeOnFabric, peersOn, routeOn } from "./fabric-reader.ts";

const test = suite("verify.node_routes");

const NODE = "192.168.2.4";
const session = (leaf: number, family = "ipv4", address = NODE) => ({
  ...{ node: "worker-1", rack_id: "1", leaf: `leaf${leaf}`, leaf_id: leaf, family },
  ...{ peer_address: "192.168.2.201", local_address: address },
});
const args = (more: Record<string, unknown> = {}) => ({
  ...{ tenant: "k8s", vrf: "calico", asn: 65003, leaves: leaves(201, 202, 203), sessions: [session(201), session(202)] },
  ...{ prefixes: { "worker-1": ["10.1.39.0/26"], "worker-9": ["10.1.99.0/26"] }, shared: ["192.168.8.0/22"] },
  ...more,
});
const subnet = "192.168.2.0/24";
const own = (leaf: number, state = "established") => peersOn(leaf, subnet, { [NODE]: state });
/** Rack leaves with the node's routes among those of another node, and a leaf that has them from there. */
const sound = (): FoundObject[] => [
  ...[201, 202].flatMap((leaf) => [
    ...own(leaf),
    routeOn(leaf, "10.1.39.0/26", [NODE]),
    routeOn(leaf, "192.168.8.0/22", ["192.168.2.6", NODE]),
  ]),
  ...peersOn(203, subnet, {}),
  routeOn(203, "10.1.39.0/26", ["10.0.0.64"]),
  routeOn(203, "192.168.8.0/22", ["10.0.0.64", "192.168.2.7"]),
];
const without = (dn: string) => sound().filter((object) => !object.dn.includes(dn));

test("all is there: on the node's leaves through it, elsewhere over other leaves", async () => {
  const seen = await observeOnFabric(nodeRoutes, args(), sound());
  assert.equal(seen, {
    facts: { sessions: { expected: 2, found: 2 }, routes: { expected: 6, found: 6 }, left_out: [] },
    unmet: [],
    message: "2 of 2 sessions Established, 6 of 6 routes on 3 leaves",
  });
});

test("prefixes of nodes that are not asked about do not matter; no block yet is fine", async () => {
  const seen = await observeOnFabric(nodeRoutes, args({ prefixes: { "worker-1": [] }, shared: [] }), sound());
  assert.equal(seen.unmet, []);
  assert.equal(seen.facts?.routes, { expected: 0, found: 0 });
});

test("a leaf that has nothing of the VRF is left out, unless a session should be there", async () => {
  const bare = await observeOnFabric(nodeRoutes, args(), without("node-203"));
  assert.equal([bare.unmet, bare.facts?.left_out], [[], ["leaf203"]]);
  const lost = await observeOnFabric(nodeRoutes, args(), without("node-202"));
  assert.match(lost.unmet.join("\n"), /leaf202: worker-1 \(192\.168\.2\.4\): no session, and this leaf has no BGP peer for it/);
});

const cases: readonly (readonly [string, readonly FoundObject[], readonly RegExp[]])[] = [
  [
    "a session that is down: told once, its routes not again",
    [...without("node-202"), ...own(202, "active"), routeOn(202, "192.168.8.0/22", ["192.168.2.6"])],
    [/^leaf202: worker-1 \(192\.168\.2\.4\): active/],
  ],
  [
    "another AS is configured",
    [...without("node-202/sys/bgp"), ...own(202, "idle")].map((object) =>
      object.className === "bgpPeer" && object.dn.includes("node-202")
        ? { ...object, attributes: { ...object.attributes, asn: "65009" } }
        : object,
    ),
    [/^leaf202: worker-1 .*the leaf expects AS 65009, the cluster has 65003/],
  ],
  [
    "a leaf elsewhere lacks the pod prefix",
    without("node-203/sys/uribv4/dom-k8s:calico/db-rt/rt-[10.1.39.0/26]"),
    [/^leaf203: 10\.1\.39\.0\/26: no route: no node announces it/],
  ],
  [
    "the service range is there, but not through the node",
    [...without("node-201/sys/uribv4/dom-k8s:calico/db-rt/rt-[192.168.8.0/22]"), routeOn(201, "192.168.8.0/22", ["192.168.2.6"])],
    [/^leaf201: 192\.168\.8\.0\/22: via 192\.168\.2\.6, but not via worker-1 \(192\.168\.2\.4\)/],
  ],
  [
    "the pod prefix points at another node",
    [...without("node-201/sys/uribv4/dom-k8s:calico/db-rt/rt-[10.1.39.0/26]"), routeOn(201, "10.1.39.0/26", ["192.168.2.6"])],
    [/^leaf201: 10\.1\.39\.0\/26: via 192\.168\.2\.6, but not via worker-1/],
  ],
];
for (const [name, objects, lines] of cases) {
  test(name, async () => {
    const seen = await observeOnFabric(nodeRoutes, args(), objects);
    assert.is(seen.unmet.length, lines.length, seen.unmet.join("\n"));
    for (const [index, line] of lines.entries()) assert.match(seen.unmet[index] ?? "", line);
  });
}

test("two families: each prefix through the address of its own", async () => {
  const six = "fd00:2::4";
  const dual = args({
    ...{ leaves: leaves(201), sessions: [session(201), session(201, "ipv6", six)] },
    ...{ prefixes: { "worker-1": ["10.1.39.0/26", "FD00:10:0::/122"] }, shared: ["192.168.8.0/22", "fd00:8::/112"] },
  });
  const there = [
    ...own(201),
    ...peersOn(201, "fd00:2::/64", { [six]: "established" }),
    routeOn(201, "10.1.39.0/26", [NODE]),
    routeOn(201, "fd00:10::/122", [six]),
    routeOn(201, "192.168.8.0/22", [NODE]),
  ];
  const seen = await observeOnFabric(nodeRoutes, dual, there);
  assert.equal(seen.facts?.routes, { expected: 4, found: 3 });
  assert.is(seen.unmet.length, 1, seen.unmet.join("\n"));
  assert.match(seen.unmet[0] ?? "", /^leaf201: fd00:8::\/112: no route/);
});

test("a session with a leaf that is not asked is not proven", async () => {
  const seen = await observeOnFabric(nodeRoutes, args({ leaves: leaves(201, 203) }), sound());
  assert.match(seen.unmet.join("\n"), "worker-1 should have a session with leaf202");
});

test.run();
