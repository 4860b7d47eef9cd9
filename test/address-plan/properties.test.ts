import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AddressPlan, FamilyPlan } from "../../runner/address-plan/plan.ts";
import { contains, readAddress } from "../../runner/subnet.ts";
import { type Fabric, many, planOf } from "./hosts.ts";

const test = suite("address plans of all sizes");

/** A subnet of either family and of a size that fits some nodes and not others. */
const nodeSubnet = fc.oneof(
  fc.integer({ min: 22, max: 30 }).map((length) => `10.9.0.0/${length}`),
  fc.integer({ min: 52, max: 125 }).map((length) => `fd00:2::/${length}`),
);
const fabrics = fc.record({
  svi: fc.constantFrom("floating" as const, "standard" as const),
  subnet: nodeSubnet,
  leaves: fc.integer({ min: 1, max: 4 }),
  nodes: fc.integer({ min: 1, max: 40 }),
});

function fabric(wanted: { svi: "floating" | "standard"; subnet: string; leaves: number; nodes: number }): Fabric {
  const six = wanted.subnet.includes(":");
  const two = wanted.leaves > 2 ? { leaves: ["leaf201", "leaf202"] } : {};
  return {
    l3out: { svi: wanted.svi },
    cluster: six
      ? { node_subnet: wanted.subnet, pod_subnet: "fd00:10::/48", service_subnet: "fd00:8::/112" }
      : { node_subnet: wanted.subnet },
    leaves: many(wanted.leaves),
    nodes: many(wanted.nodes).map(() => ({
      attachment: wanted.leaves === 1 ? ("port_channel" as const) : ("vpc" as const),
      ...two,
    })),
  };
}

/** All addresses of a family with their owner. */
function addressesOf(plan: AddressPlan, family: FamilyPlan, index: number): readonly string[] {
  return [
    ...plan.nodes.map(({ addresses }) => addresses[index] ?? ""),
    ...family.anchors.map(({ address }) => address),
    ...(family.floating_address === undefined ? [] : [family.floating_address]),
    ...(family.secondary_address === undefined ? [] : [family.secondary_address]),
    ...family.paths.flatMap((path) => [...path.addresses, path.secondary_address]),
  ];
}

/** How many nodes have room, counted on its own: usable addresses beside the fabric's, or subnets. */
function roomFor({ svi, subnet, leaves }: { svi: string; subnet: string; leaves: number }): bigint {
  const net = readAddress(subnet)?.subnet;
  if (net === undefined) throw new Error(subnet);
  if (svi === "floating") return net.size - 4n - BigInt(leaves);
  const bits = net.family === "ipv4" ? 3n : net.length <= 56 ? 64n : 3n;
  return net.size >> bits;
}

test("it fits or it is refused with the number that fits; no address twice, all in their subnet", () => {
  fc.assert(
    fc.property(fabrics, (wanted) => {
      const { plan, wrong } = planOf(fabric(wanted));
      const room = roomFor(wanted);
      if (room < BigInt(wanted.nodes)) {
        assert.equal(
          wrong.map(({ rule }) => rule),
          ["subnet-too-small"],
        );
        assert.match(wrong[0]?.message ?? "", new RegExp(`room for ${room < 0n ? 0 : room} nodes?\\b`));
        return;
      }
      assert.equal(wrong, []);
      const [family] = plan.families;
      if (family === undefined) throw new Error("no family");
      const all = addressesOf(plan, family, 0).map((text) => readAddress(text));
      const net = readAddress(wanted.subnet)?.subnet;
      assert.is(new Set(all.map((placed) => placed?.value)).size, all.length);
      for (const placed of all) {
        if (placed === undefined || net === undefined) throw new Error("no address");
        assert.ok(contains(net, placed.value) && placed.value !== placed.subnet.base);
        if (wanted.svi === "floating") assert.is(placed.subnet.length, net.length);
      }
      for (const path of family.paths) {
        const own = readAddress(path.secondary_address)?.subnet;
        const peer = readAddress(path.peer)?.value;
        assert.ok(own !== undefined && peer !== undefined && contains(own, peer));
        for (const address of path.addresses) assert.equal(readAddress(address)?.subnet, own);
      }
      assert.is(new Set(family.paths.map(({ vlan }) => vlan)).size, family.paths.length);
    }),
    { numRuns: 300 },
  );
});

test("a node or a leaf more at the end moves nobody", () => {
  fc.assert(
    fc.property(fabrics, (wanted) => {
      const before = planOf(fabric(wanted));
      for (const more of [
        { ...wanted, nodes: wanted.nodes + 1 },
        { ...wanted, leaves: wanted.leaves === 2 ? 3 : wanted.leaves },
      ]) {
        const after = planOf(fabric(more));
        if (before.wrong.length > 0 || after.wrong.length > 0) return;
        assert.equal(
          after.plan.nodes.slice(0, wanted.nodes).map(({ addresses, vlan }) => [addresses, vlan]),
          before.plan.nodes.map(({ addresses, vlan }) => [addresses, vlan]),
        );
        assert.equal(after.plan.families[0]?.paths.slice(0, wanted.nodes), before.plan.families[0]?.paths);
        assert.equal(after.plan.families[0]?.anchors.slice(0, wanted.leaves), before.plan.families[0]?.anchors);
      }
    }),
    { numRuns: 200 },
  );
});

test("whatever some hosts are given, the others get something else, and what was given stays", () => {
  const given = fc.array(fc.option(fc.integer({ min: 1, max: 254 }), { nil: undefined }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(
      given,
      fc.array(fc.option(fc.integer({ min: 1, max: 252 }), { nil: undefined }), { maxLength: 4 }),
      (nodes, leaves) => {
        const own = (host: number | undefined) => (host === undefined ? {} : { address: `192.168.1.${host}/24` });
        const { plan, wrong } = planOf({ nodes: nodes.map(own), leaves: [{}, ...leaves.map(own)] });
        assert.equal(wrong, []);
        const [family] = plan.families;
        if (family === undefined) throw new Error("no family");
        const given = new Set([...nodes, ...leaves].flatMap((host) => (host === undefined ? [] : [own(host).address])));
        for (const [index, host] of nodes.entries()) {
          if (host !== undefined) assert.is(plan.nodes[index]?.addresses[0], own(host).address);
        }
        const derived = [
          ...plan.nodes.filter((_, index) => nodes[index] === undefined).map(({ addresses }) => addresses[0]),
          ...family.anchors.filter((_, index) => [undefined, ...leaves][index] === undefined).map(({ address }) => address),
        ];
        assert.is(new Set(derived).size, derived.length);
        for (const address of derived) {
          assert.ok(address !== undefined && !given.has(address), `${address}`);
          assert.ok(address !== family.floating_address && address !== family.secondary_address);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test("standard: given subnets and VLANs are skipped", () => {
  const slots = fc.uniqueArray(fc.integer({ min: 0, max: 31 }), { maxLength: 16 });
  fc.assert(
    fc.property(slots, fc.integer({ min: 1, max: 16 }), (taken, open) => {
      const nodes = [...taken.map((slot) => ({ address: `192.168.1.${slot * 8 + 1}/29`, vlan: 1000 + slot })), ...many(open)];
      const { plan, wrong } = planOf({ l3out: { svi: "standard" }, nodes });
      assert.equal(wrong, []);
      assert.is(new Set(plan.nodes.map(({ addresses }) => addresses[0])).size, nodes.length);
      assert.is(new Set(plan.nodes.map(({ vlan }) => vlan)).size, nodes.length);
      for (const [index, slot] of taken.entries()) assert.is(plan.nodes[index]?.addresses[0], `192.168.1.${slot * 8 + 1}/29`);
    }),
  );
});

test.run();
