import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject, PodContainer } from "../../runner/connect/cluster.ts";
import { failed, ok } from "../../runner/result.ts";
import { statusReference, statusRequest, updateSeconds } from "../../tasks/calico/node-status.ts";
import { calicoSessions } from "../../tasks/verify/calico-sessions.ts";
import { connectionsTo, fakeCluster, observe, prepare } from "../k8s/fake-cluster.ts";

const test = suite("verify.calico_sessions");

const planned = (node: string, rack: number, leaf: number, address = `192.168.2.${leaf}`) => {
  const family = address.includes(":") ? "ipv6" : "ipv4";
  return { node, rack_id: rack, leaf: `leaf${leaf}`, leaf_id: leaf, family, peer_address: address, local_address: "::1" };
};
const args = () => ({
  sessions: [planned("worker-1", 1, 201), planned("worker-1", 1, 202), planned("worker-3", 2, 203)],
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
  const four = { agent: { birdV4: { state: "Ready" }, birdV6: { state: "NotReady" } }, bgp: agent.bgp };
  const idle = await observe(calicoSessions, args(), clusterOf([...(one ? [one] : []), status("worker-3", {}, four)]));
  assert.equal(idle.unmet, [], "IPv6's BIRD has nothing to do without IPv6 sessions");
});

test("both families are counted; IPv6 addresses are the same however they are written", async () => {
  const sessions = [planned("worker-1", 1, 201), planned("worker-1", 1, 201, "2001:DB8:0::201")];
  const seen = async (state: string) => {
    const peersV6 = [{ peerIP: "2001:db8::201", state }];
    const bgp = { peersV4: [{ peerIP: "192.168.2.201", state: UP }], peersV6 };
    return observe(calicoSessions, { sessions }, clusterOf([status("worker-1", {}, { bgp })]));
  };
  assert.is((await seen(UP)).message, "2 of 2 sessions Established");
  assert.equal((await seen(UP)).unmet, []);
  assert.match((await seen("Connect")).unmet[0] ?? "", "worker-1 to leaf201 (2001:db8::201): Connect");
  const agent = { agent: { birdV4: { state: "Ready" }, birdV6: { state: "NotReady" } } };
  const sick = await observe(
    calicoSessions,
    { sessions },
    clusterOf([
      status(
        "worker-1",
        {},
        {
          ...agent,
          bgp: { peersV4: [{ peerIP: "192.168.2.201", state: UP }], peersV6: [{ peerIP: "2001:db8::201", state: UP }] },
        },
      ),
    ]),
  );
  assert.equal(sick.unmet, ["worker-1: BIRD is not ready"]);
});

test("a peer that names its node needs no rack label", async () => {
  const named = { ...peer203, spec: { peerIP: "192.168.2.203", node: "worker-3" } };
  const [one] = good();
  const seen = await observe(calicoSessions, args(), clusterOf([...(one ? [one] : []), status("worker-3", {})], {}, [named]));
  assert.match(seen.unmet[0] ?? "", "BGPPeer 203 selects node worker-3");
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

function pod(node: string, phase = "Running"): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `calico-node-${node}`, namespace: "kube-system", labels: { "k8s-app": "calico-node" } },
    spec: { nodeName: node },
    status: { phase },
  };
}

/** BIRD's words in the pods of both nodes; `said` by pod and program. */
function birdCluster(pods: readonly KubeObject[], said: Readonly<Record<string, readonly string[]>>) {
  const exec = async ({ pod: name, container }: PodContainer, command: readonly string[]) => {
    const peers = said[`${name} ${command.join(" ")}`];
    if (container !== "calico-node" || peers === undefined) return failed({ kind: "failed", doing: "exec", message: "no" });
    return ok(["BIRD ready.", ...peers.map((peer) => `${peer.replace(" ", " BGP master up 23:35:26 ")}`)].join("\n"));
  };
  return fakeCluster({ pods, nodes: [], "bgppeers.projectcalico.org": [] }, { exec });
}
const both = () => [pod("worker-1"), pod("worker-3")];
const show = (node: string, program = "birdcl") => `calico-node-${node} ${program} show protocols`;

for (const check of [false, true]) {
  test(`without CalicoNodeStatus BIRD is asked itself${check ? ", in check mode too" : ""}`, async () => {
    const cluster = birdCluster(both(), {
      [show("worker-1")]: ["Node_192_168_2_201 Established", "Node_192_168_2_202 Connect"],
      [show("worker-3")]: ["Node_192_168_2_203 Established"],
    });
    const seen = await observe(calicoSessions, args(), cluster, check);
    assert.is(seen.message, "2 of 3 sessions Established");
    assert.match(seen.unmet.join(), "worker-1 to leaf202 (192.168.2.202): Connect");
    assert.is(seen.unknown, undefined);
  });
}

test("BIRD of the second family is asked when sessions of it are planned", async () => {
  const sessions = [planned("worker-1", 1, 201), planned("worker-1", 1, 201, "fd00:2::201")];
  const cluster = birdCluster(both(), {
    [show("worker-1")]: ["Node_192_168_2_201 Established"],
    [show("worker-1", "birdcl6")]: ["Node_fd00_2__201 Established"],
  });
  assert.equal((await observe(calicoSessions, { sessions }, cluster, true)).unmet, []);
});

test("a pod that does not run or answer is a node that is silent", async () => {
  const said = { [show("worker-1")]: ["Node_192_168_2_201 Established", "Node_192_168_2_202 Established"] };
  for (const pods of [both(), [pod("worker-1"), pod("worker-3", "Pending")], [pod("worker-1")]]) {
    const seen = await observe(calicoSessions, args(), birdCluster(pods, said));
    assert.equal(seen.unmet, ["worker-3: calico-node has not reported; is its pod running?"]);
  }
});

test("without calico-node: waited for in a run, unknown in check mode; nothing is made", async () => {
  const cluster = birdCluster([], {});
  assert.is((await observe(calicoSessions, args(), cluster)).unmet.length, 1);
  const seen = await observe(calicoSessions, args(), cluster, true);
  assert.equal(seen.unmet, []);
  assert.match(seen.unknown ?? "", "no calico-node pods");
  const probe = prepare(calicoSessions, args());
  if (probe.form !== "probe") throw new Error("not a probe");
  assert.ok((await probe.begin(connectionsTo(cluster))).ok);
  assert.equal(cluster.applied, []);
});

test.run();
