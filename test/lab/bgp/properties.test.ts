import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { computeRouting } from "../../../lab/bgp/routing.ts";
import { clusterOf, inputOf, route } from "./design.ts";
import type { Design } from "./design-choices.ts";

const test = suite("BGP model, properties");

/** Designs with any mixture of the mistakes that the model knows. */
const designs: fc.Arbitrary<Partial<Design>> = fc.record({
  nodesPerRack: fc.integer({ min: 1, max: 4 }),
  blocksPerNode: fc.integer({ min: 0, max: 3 }),
  leafPassword: fc.constantFrom("secret", "", "other"),
  nodePassword: fc.constantFrom("secret", "other"),
  passwordRole: fc.boolean(),
  leafRemoteAs: fc.constantFrom("65003", "65010"),
  clusterAs: fc.constantFrom(65003, 65010),
  peerControl: fc.constantFrom("", "as-override", "dis-peer-as-check", "as-override,dis-peer-as-check"),
  peerAddress: fc.constantFrom("192.168.2.0/23", "192.168.2.1", "192.168.99.0/24"),
  nodeVlan: fc.constantFrom(310, 311, undefined),
  mode: fc.constantFrom("regular", "native", "untagged"),
  enforce: fc.constantFrom("export", "export,import"),
  aggregate: fc.constantFrom("yes", "no"),
  maxAsLimit: fc.constantFrom("0", "1"),
  maxEcmp: fc.constantFrom("1", "2", "64"),
  maxPfx: fc.constantFrom("1", "500"),
  limitAction: fc.constantFrom("reject", "shut", "log", "restart"),
});

test("both ends agree on what is established, and only that carries routes", () => {
  fc.assert(
    fc.property(designs, (design) => {
      const routing = route(design);
      for (const session of routing.sessions) {
        assert.is(session.established, session.leafState === "established");
        assert.is(session.established, session.nodeState === "Established");
        assert.is(session.established, session.reason === undefined);
      }
      const up = new Set(routing.sessions.filter((session) => session.established).map((s) => `${s.leafId} ${s.nodeAddress}`));
      for (const { leafId, nextHops } of routing.routes) {
        for (const hop of nextHops) if (hop.routeType === "ebgp") assert.ok(up.has(`${leafId} ${hop.address}`));
      }
      const peers = new Set(routing.sessions.filter((session) => session.established).map((s) => `${s.node} ${s.leafAddress}`));
      for (const { node, paths } of routing.nodeRoutes) for (const path of paths) assert.ok(peers.has(`${node} ${path.peer}`));
    }),
    { numRuns: 60 },
  );
});

test("no table is wider than its ECMP limit, and no node holds a path with its own AS", () => {
  fc.assert(
    fc.property(designs, (design) => {
      const routing = route(design);
      const limit = Number(design.maxEcmp);
      for (const { nextHops } of routing.routes) assert.ok(nextHops.length <= limit);
      const own = new Map(routing.agents.map((agent) => [agent.node, agent.asn]));
      for (const { node, paths } of routing.nodeRoutes)
        for (const path of paths) assert.not.ok(path.asPath.includes(own.get(node) ?? 0));
    }),
    { numRuns: 60 },
  );
});

test("the order of objects, nodes, leaves and cluster objects does not matter", () => {
  fc.assert(
    fc.property(designs, fc.infiniteStream(fc.integer()), (design, random) => {
      const shuffled = <T>(items: readonly T[]): T[] =>
        items
          .map((item) => ({ item, key: random.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ item }) => item);
      const input = inputOf(design);
      const other = {
        ...input,
        objects: new Map(shuffled([...input.objects])),
        leaves: shuffled(input.leaves),
        cabling: shuffled(input.cabling),
        nodes: shuffled(input.nodes),
        cluster: clusterOf(shuffled(input.kube)),
      };
      assert.equal(computeRouting(other), computeRouting(input));
    }),
    { numRuns: 40 },
  );
});

test.run();
