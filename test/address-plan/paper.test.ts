import { suite } from "uvu";
import * as assert from "uvu/assert";
import { many, planOf } from "./hosts.ts";

/** White paper, sections *Example floating SVI IP allocation* and *Example standard SVI IP allocation*, as printed. */
const test = suite("the paper's allocation");

const standard = { svi: "standard" } as const;

test("standard: the first usable address of each /29 is the node's, the neighbours are .1, .9 and .17", () => {
  const { plan, wrong } = planOf({ l3out: standard, nodes: many(3) });
  assert.equal(wrong, []);
  const [family] = plan.families;
  assert.equal(
    family?.paths.map(({ peer }) => peer),
    ["192.168.1.1", "192.168.1.9", "192.168.1.17"],
  );
  assert.equal(family?.paths[1], {
    node: "node2",
    type: "vpc",
    leaves: [201, 202],
    interface: "node2",
    vlan: 1001,
    addresses: ["192.168.1.12/29", "192.168.1.13/29"],
    secondary_address: "192.168.1.14/29",
    peer: "192.168.1.9",
  });
  assert.equal(plan.nodes[1]?.addresses, ["192.168.1.9/29"]);
  assert.equal(plan.nodes[1]?.gateways, ["192.168.1.14"]);
  assert.is(plan.nodes[1]?.vlan, 1001);
});

for (const [subnet, nodes] of [
  ["192.168.1.0/24", 32],
  ["192.168.0.0/23", 64],
] as const) {
  test(`standard: a /${subnet.split("/")[1]} is for ${nodes} nodes, not for one more`, () => {
    const fits = planOf({ l3out: standard, cluster: { node_subnet: subnet }, nodes: many(nodes) });
    assert.is(fits.plan.families[0]?.paths.length, nodes);
    const { wrong, plan } = planOf({ l3out: standard, cluster: { node_subnet: subnet }, nodes: many(nodes + 1) });
    assert.equal(plan.families, []);
    assert.equal(
      wrong.map(({ rule, at }) => [rule, at?.file]),
      [["subnet-too-small", "localhost.cluster.node_subnet"]],
    );
    assert.match(wrong[0]?.message ?? "", `room for ${nodes} nodes`);
    assert.match(wrong[0]?.hint ?? "", `take a /${Number(subnet.split("/")[1]) - 1} or larger`);
  });
}

test("floating: nodes from the start, secondary, floating and anchor leaves from the end", () => {
  const { plan } = planOf({ nodes: many(3) });
  const [family] = plan.families;
  assert.equal(
    plan.nodes.map(({ addresses }) => addresses[0]),
    ["192.168.1.1/24", "192.168.1.2/24", "192.168.1.3/24"],
  );
  assert.equal([family?.secondary_address, family?.floating_address], ["192.168.1.254/24", "192.168.1.253/24"]);
  assert.equal(family?.anchors, [
    { node_id: 201, address: "192.168.1.252/24" },
    { node_id: 202, address: "192.168.1.251/24" },
  ]);
  assert.equal(family?.paths, []);
  assert.equal(plan.nodes[0]?.gateways, ["192.168.1.254"]);
  assert.is(plan.nodes[0]?.vlan, 310);
});

test("floating: as many nodes as there are usable addresses beside the fabric's", () => {
  // A /28 has 14 usable addresses: secondary, floating, two anchor leaves, ten nodes.
  const cluster = { node_subnet: "192.168.1.0/28" };
  assert.is(planOf({ cluster, nodes: many(10) }).plan.nodes.at(-1)?.addresses[0], "192.168.1.10/28");
  const { wrong } = planOf({ cluster, nodes: many(11) });
  assert.match(wrong[0]?.message ?? "", "has room for 10 nodes beside 2 anchor leaves");
  assert.is(wrong[0]?.hint, "take a /27 or larger");
});

test("every node has a session with each leaf of its rack, on that leaf's address", () => {
  const fabric = { leaves: [{}, {}, { rack_id: 2 }, { rack_id: 2 }], nodes: [{}, { rack_id: 2 }] };
  const floating = planOf(fabric).plan.sessions.map(({ node, leaf, peer_address, local_address }) => [
    node,
    leaf,
    peer_address,
    local_address,
  ]);
  assert.equal(floating, [
    ["node1", "leaf201", "192.168.1.252", "192.168.1.1"],
    ["node1", "leaf202", "192.168.1.251", "192.168.1.1"],
    ["node2", "leaf203", "192.168.1.250", "192.168.1.2"],
    ["node2", "leaf204", "192.168.1.249", "192.168.1.2"],
  ]);
  const own = planOf({ ...fabric, l3out: standard }).plan.sessions.map(({ leaf_id, peer_address }) => [leaf_id, peer_address]);
  assert.equal(own, [
    [201, "192.168.1.4"],
    [202, "192.168.1.5"],
    [203, "192.168.1.12"],
    [204, "192.168.1.13"],
  ]);
});

test("dual stack: a second family with an interface profile of its own, on the same paths and VLANs", () => {
  const ipv6 = { node_subnet: "fd00:2::/56", pod_subnet: "fd00:10::/112", service_subnet: "fd00:8::/112" };
  const { plan, wrong } = planOf({ l3out: standard, ipv6, nodes: many(2) });
  assert.equal(wrong, []);
  const [four, six] = plan.families;
  assert.is(six?.interface_profile, "svi-ipv6");
  assert.is(six?.block_size, 122);
  assert.equal(
    six?.paths.map(({ peer, addresses, secondary_address }) => [peer, ...addresses, secondary_address]),
    [
      ["fd00:2::1", "fd00:2::4/64", "fd00:2::5/64", "fd00:2::6/64"],
      ["fd00:2:0:1::1", "fd00:2:0:1::4/64", "fd00:2:0:1::5/64", "fd00:2:0:1::6/64"],
    ],
  );
  const way = (family: typeof four) => family?.paths.map(({ vlan, interface: port, leaves }) => [vlan, port, leaves]);
  assert.equal(way(six), way(four));
  assert.equal(plan.nodes[0]?.addresses, ["192.168.1.1/29", "fd00:2::1/64"]);
  assert.equal(plan.nodes[0]?.gateways, ["192.168.1.6", "fd00:2::6"]);
  assert.equal(plan.prefixes.length, 6);
  assert.is(plan.sessions.length, 8);
  const narrow = planOf({ l3out: standard, ipv6: { ...ipv6, node_subnet: "fd00:2::/64" }, nodes: many(2) });
  assert.is(narrow.plan.nodes[1]?.addresses[1], "fd00:2::9/125");
});

test("IPv6 only: the main family of cluster", () => {
  const cluster = { node_subnet: "fd00:2::/64", pod_subnet: "fd00:10::/48", service_subnet: "fd00:8::/112" };
  const { plan } = planOf({ cluster, cni: { name: "kube-router" }, nodes: many(2) });
  assert.equal(
    plan.families.map(({ family, block_size }) => [family, block_size]),
    [["ipv6", 64]],
  );
  assert.is(plan.nodes[1]?.addresses[0], "fd00:2::2/64");
  assert.is(plan.families[0]?.secondary_address, "fd00:2::ffff:ffff:ffff:fffe/64");
});

test.run();
