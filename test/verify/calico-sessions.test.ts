import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject } from "../../runner/connect/cluster.ts";
import { statusReference, statusRequest, updateSeconds } from "../../tasks/calico/node-status.ts";
import { calicoSessions } from "../../tasks/verify/calico-sessions.ts";
import { connectionsTo, fakeCluster, observe, prepare } from "../k8s/fake-cluster.ts";

const test = suite("verify.calico_sessions");

const args = () => ({
  nodes: [
    { inventory_hostname: "worker-1", rack_id: 1 },
    { inventory_hostname: "worker-3", rack_id: 2 },
  ],
  leaves: [
    { inventory_hostname: "leaf201", rack_id: 1, address: "192.168.2.201/24" },
    { inventory_hostname: "leaf202", rack_id: 1, address: "192.168.2.202/24" },
    { inventory_hostname: "leaf203", rack_id: 2, address: "192.168.2.203/24" },
  ],
});

type Peers = Readonly<Record<string, string>>;

function status(node: string, peers: Peers, more: Record<string, unknown> = {}): KubeObject {
  const peersV4 = Object.entries(peers).map(([peerIP, state]) => ({ peerIP, state, type: "NodePeer" }));
  return { ...statusRequest(node), status: { lastUpdated: "2026-11-23T02:00:00Z", bgp: { peersV4 }, ...more } };
}

function clusterOf(
  statuses: readonly KubeObject[],
  labels: Readonly<Record<string, string>> = {},
  peers: readonly KubeObject[] = [],
) {
  const nodes = ["worker-1", "worker-3"].map((name) => ({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: labels[name] === undefined ? {} : { rack_id: labels[name] } },
  }));
  return fakeCluster({ "caliconodestatuses.projectcalico.org": statuses, nodes, "bgppeers.projectcalico.org": peers });
}

const UP = "Established";
const good = () => [
  status("worker-1", { "192.168.2.201": UP, "192.168.2.202": UP }),
  status("worker-3", { "192.168.2.203": UP }),
];

test("all as planned", async () => {
  const seen = await observe(calicoSessions, args(), clusterOf(good()));
  assert.equal(seen, { facts: { expected: 3, established: 3 }, unmet: [], message: "3 of 3 sessions Established" });
});

const states: readonly (readonly [string, RegExp])[] = [
  ["Connect", /wrong BGP password or VLAN/],
  ["Active", /wrong BGP password or VLAN/],
  ["Idle", /wrong AS/],
  ["OpenConfirm", /agreed on/],
  ["Close", /birdcl/],
];
for (const [state, cause] of states) {
  test(`a session in state ${state} is named with its likely cause`, async () => {
    const [, other] = good();
    const statuses = [status("worker-1", { "192.168.2.201": UP, "192.168.2.202": state }), ...(other ? [other] : [])];
    const seen = await observe(calicoSessions, args(), clusterOf(statuses));
    assert.is(seen.unmet.length, 1);
    assert.match(seen.unmet[0] ?? "", `worker-1 to leaf202 (192.168.2.202): ${state}`);
    assert.match(seen.unmet[0] ?? "", cause);
    assert.is(seen.message, "2 of 3 sessions Established");
  });
}

test("when no session comes up at all, what they share is suspected", async () => {
  const statuses = [
    status("worker-1", { "192.168.2.201": "Connect", "192.168.2.202": "Active" }),
    status("worker-3", { "192.168.2.203": "Connect" }),
  ];
  const seen = await observe(calicoSessions, args(), clusterOf(statuses));
  assert.is(seen.unmet.length, 3);
  for (const reason of seen.unmet) assert.match(reason, "may not read its Secret");
});

const peer203: KubeObject = {
  apiVersion: "projectcalico.org/v3",
  kind: "BGPPeer",
  metadata: { name: "203" },
  spec: { peerIP: "192.168.2.203", nodeSelector: 'rack_id == "2"' },
};
const missing: readonly (readonly [string, Readonly<Record<string, string>>, readonly KubeObject[], string])[] = [
  ["the rack label is missing", {}, [peer203], "lacks the label rack_id"],
  ["the rack label is wrong", { "worker-3": "1" }, [peer203], "label rack_id is 1, not 2"],
  ["the BGPPeer is missing", { "worker-3": "2" }, [], "no BGPPeer with this address"],
  ["all is there", { "worker-3": "2" }, [peer203], "BGPPeer 203 selects"],
];
for (const [name, labels, peers, cause] of missing) {
  test(`a node without peers fails; ${name}`, async () => {
    const [one] = good();
    const seen = await observe(calicoSessions, args(), clusterOf([...(one ? [one] : []), status("worker-3", {})], labels, peers));
    assert.is(seen.unmet.length, 1);
    assert.match(seen.unmet[0] ?? "", "worker-3 to leaf203 (192.168.2.203): no such peer");
    assert.match(seen.unmet[0] ?? "", cause);
  });
}

test("sessions that nobody planned are named", async () => {
  const peersV4 = [
    { peerIP: "192.168.2.203", state: UP, type: "NodePeer" },
    { peerIP: "192.168.2.4", state: UP, type: "NodeMesh" },
    { peerIP: "192.168.2.201", state: UP, type: "NodePeer" },
  ];
  const [one] = good();
  const seen = await observe(
    calicoSessions,
    args(),
    clusterOf([...(one ? [one] : []), status("worker-3", {}, { bgp: { peersV4 } })]),
  );
  assert.is(seen.unmet.length, 2);
  assert.match(seen.unmet[0] ?? "", "node-to-node mesh");
  assert.match(seen.unmet[1] ?? "", "not a leaf of its rack");
});

test("a node that has not reported is waited for, and so is a BIRD that is not ready", async () => {
  const [one] = good();
  const silent = await observe(calicoSessions, args(), clusterOf([...(one ? [one] : []), statusRequest("worker-3")]));
  assert.equal(silent.unmet, ["worker-3: calico-node has not reported; is its pod running?"]);
  const agent = { agent: { birdV4: { state: "NotReady" } }, bgp: { peersV4: [{ peerIP: "192.168.2.203", state: UP }] } };
  const notReady = await observe(calicoSessions, args(), clusterOf([...(one ? [one] : []), status("worker-3", {}, agent)]));
  assert.equal(notReady.unmet, ["worker-3: BIRD is not ready"]);
});

test("a rack without leaves is named", async () => {
  const { nodes } = args();
  const seen = await observe(calicoSessions, { nodes, leaves: args().leaves.slice(0, 2) }, clusterOf(good()));
  assert.match(seen.unmet[0] ?? "", "worker-3: no leaf in its rack 2");
});

test("IPv6 addresses are the same however they are written", async () => {
  const seen = await observe(
    calicoSessions,
    {
      nodes: [{ inventory_hostname: "worker-1", rack_id: 1 }],
      leaves: [{ inventory_hostname: "leaf201", rack_id: 1, address: "2001:DB8:0::201/64" }],
    },
    clusterOf([status("worker-1", {}, { bgp: { peersV6: [{ peerIP: "2001:db8::201", state: UP }] } })]),
  );
  assert.equal(seen.unmet, []);
});

test("a request for each node, whatever is there, and taken away again", async () => {
  const cluster = clusterOf([]);
  const probe = prepare(calicoSessions, args());
  if (probe.form !== "probe") throw new Error("not a probe");
  assert.ok((await probe.begin(connectionsTo(cluster))).ok);
  assert.equal(
    cluster.applied.map(({ object, force }) => [object.metadata.name, force]),
    [
      ["underlay-worker-1", true],
      ["underlay-worker-3", true],
    ],
  );
  assert.ok((await probe.end(connectionsTo(cluster))).ok);
  assert.equal(cluster.deleted, [statusReference("worker-1"), statusReference("worker-3")]);
});

for (const [nodes, timeout, seconds] of [
  [1, 120, 10],
  [10, 120, 10],
  [25, 120, 25],
  [500, 120, 40],
  [500, 10, 10],
] as const) {
  test(`${nodes} nodes, ${timeout} s to look: a report every ${seconds} s`, () => {
    assert.is(updateSeconds(nodes, timeout), seconds);
  });
}

test("check mode makes no status objects and says so", async () => {
  const seen = await observe(calicoSessions, args(), clusterOf([]), true);
  assert.equal(seen.unmet, []);
  assert.match(seen.unknown ?? "", "check mode does not make");
});

test.run();
