import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { FoundObject } from "../../runner/connect/managed-object.ts";
import { routesAbsent } from "../../tasks/verify/routes-absent.ts";
import { leaves, observeOnFabric, peersOn, routeOn } from "./fabric-reader.ts";

const test = suite("verify.routes_absent");

const args = { tenant: "k8s", vrf: "calico", leaves: leaves(201, 202), next_hops: ["192.168.2.4", "FD00:2::0:4"] };
const subnet = "192.168.2.0/24";
const others = [
  routeOn(201, "10.1.39.0/26", ["192.168.2.6"]),
  routeOn(202, "192.168.2.4/32", ["192.168.2.4"], "am"),
  ...peersOn(201, subnet, { "192.168.2.6": "established", "192.168.2.4": "idle" }),
];

test("routes of others, the leaf's own adjacency and a session that is down are no obstacle", async () => {
  const seen = await observeOnFabric(routesAbsent, args, others);
  assert.equal(seen.unmet, []);
  assert.equal(seen.facts, { routes: [], sessions: [] });
});

test("a leaf without the VRF has nothing in it", async () => {
  assert.equal((await observeOnFabric(routesAbsent, args, [])).unmet, []);
});

const cases: readonly (readonly [string, readonly FoundObject[], readonly RegExp[]])[] = [
  [
    "a stale route, one of several next hops",
    [routeOn(202, "192.168.8.0/22", ["192.168.2.6", "192.168.2.4"])],
    [/^leaf202: 192\.168\.8\.0\/22 via 192\.168\.2\.4; no session, so the route is stale.*graceful restart/],
  ],
  [
    "of the other family, in another spelling",
    [routeOn(201, "fd00:10::40/122", ["fd00:2::4"])],
    [/^leaf201: fd00:10::40\/122 via fd00:2::4; no session/],
  ],
  [
    "the session is still up",
    [routeOn(201, "10.1.81.0/26", ["192.168.2.4"]), ...peersOn(201, subnet, { "192.168.2.4": "established" })],
    [/^leaf201: 10\.1\.81\.0\/26 via 192\.168\.2\.4; the session is still Established: .*underlay\/withdrawn.*design playbook/],
  ],
  [
    "a session without routes",
    peersOn(202, subnet, { "192.168.2.4": "established" }),
    [/^leaf202: the session with 192\.168\.2\.4 is still Established, without routes/],
  ],
  [
    "on two leaves, many prefixes in one line",
    [201, 202].flatMap((leaf) => [1, 2, 3, 4, 5, 6].map((n) => routeOn(leaf, `10.1.${n}.0/26`, ["192.168.2.4"]))),
    [/^leaf201: 10\.1\.1\.0\/26, .*10\.1\.4\.0\/26 and 2 more via 192\.168\.2\.4/, /^leaf202: .* and 2 more/],
  ],
];
for (const [name, objects, lines] of cases) {
  test(name, async () => {
    const seen = await observeOnFabric(routesAbsent, args, [...others.slice(0, 2), ...objects]);
    assert.is(seen.unmet.length, lines.length, seen.unmet.join("\n"));
    for (const [index, line] of lines.entries()) assert.match(seen.unmet[index] ?? "", line);
  });
}

test("a prefix that must be gone counts over whatever next hop", async () => {
  const seen = await observeOnFabric(routesAbsent, { ...args, prefixes: ["10.1.39.0/26"] }, others);
  assert.is(seen.unmet.length, 1);
  assert.match(seen.unmet[0] ?? "", /^leaf201: 10\.1\.39\.0\/26 via 192\.168\.2\.6/);
  assert.equal(seen.facts?.routes, [{ leaf: "leaf201", prefix: "10.1.39.0/26", next_hop: "192.168.2.6" }]);
});

test("only asked: what is left is told and is no failure", async () => {
  const left = [routeOn(201, "10.1.81.0/26", ["192.168.2.4"]), ...peersOn(202, subnet, { "192.168.2.4": "established" })];
  const seen = await observeOnFabric(routesAbsent, { ...args, required: false }, left);
  assert.equal(seen, {
    facts: {
      routes: [{ leaf: "leaf201", prefix: "10.1.81.0/26", next_hop: "192.168.2.4" }],
      sessions: [{ leaf: "leaf202", peer: "192.168.2.4" }],
    },
    unmet: [],
    message: "1 routes and 1 sessions are left on 2 leaves",
  });
});

test("without an address nothing would be proven: refused", () => {
  assert.not.ok(routesAbsent.prepare({ ...args, next_hops: [] }, "apic1", false).ok);
});

test.run();
