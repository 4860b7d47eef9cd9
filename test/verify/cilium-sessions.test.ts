import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ClusterReader, KubeObject, PodContainer } from "../../runner/connect/cluster.ts";
import { failed, ok } from "../../runner/result.ts";
import { ciliumSessions } from "../../tasks/verify/cilium-sessions.ts";
import { session } from "../cilium/design.ts";
import { type FakeCluster, fakeCluster, observe } from "../k8s/fake-cluster.ts";

const test = suite("verify.cilium_sessions");

const args = () => ({
  sessions: [
    session("worker-1", 1, 201, "192.168.18.201"),
    session("worker-1", 1, 202, "192.168.18.202"),
    session("worker-3", 2, 203, "FD00:2:0::203"),
  ],
});

type Peers = Readonly<Record<string, string>>;

const daemonSet = (image: string): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name: "cilium", namespace: "kube-system" },
  spec: {
    template: {
      spec: {
        containers: [
          { name: "sidecar", image: "x:v9.9.9" },
          { name: "cilium-agent", image },
        ],
      },
    },
  },
});

function nodeConfig(name: string, peers: Peers | undefined): KubeObject {
  const list = Object.entries(peers ?? {}).map(([peerAddress, peeringState]) => ({
    name: peerAddress,
    peerAddress,
    peeringState,
  }));
  const status = peers === undefined ? {} : { status: { bgpInstances: [{ name: "aci", localASN: 65003, peers: list }] } };
  return { apiVersion: "cilium.io/v2", kind: "CiliumBGPNodeConfig", metadata: { name }, spec: { bgpInstances: [] }, ...status };
}

function clusterConfig(name: string, rack: string, conditions: readonly unknown[] = []): KubeObject {
  const spec = { nodeSelector: { matchLabels: { rack_id: rack } } };
  return { apiVersion: "cilium.io/v2", kind: "CiliumBGPClusterConfig", metadata: { name }, spec, status: { conditions } };
}

const nodes = (racks: Readonly<Record<string, string | undefined>>) =>
  Object.entries(racks).map(([name, rack]): KubeObject => {
    return { apiVersion: "v1", kind: "Node", metadata: { name, labels: rack === undefined ? {} : { rack_id: rack } } };
  });
const pods = ["worker-1", "worker-3"].map((nodeName): KubeObject => {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `cilium-on-${nodeName}`, namespace: "kube-system" },
    spec: { nodeName },
  };
});

const UP = "established";
const good = () => [
  nodeConfig("worker-1", { "192.168.18.201": UP, "192.168.18.202": UP }),
  nodeConfig("worker-3", { "fd00:2::203": UP }),
];

interface Given {
  readonly image?: string;
  readonly configs?: readonly KubeObject[];
  readonly more?: Readonly<Record<string, readonly KubeObject[]>>;
  readonly exec?: ClusterReader["exec"];
}

function clusterOf({ image = "quay.io/cilium/cilium:v1.19.6@sha256:0123", configs, more = {}, exec }: Given): FakeCluster {
  const lists = configs === undefined ? {} : { "ciliumbgpnodeconfigs.cilium.io": configs };
  const cluster = fakeCluster({ daemonsets: [daemonSet(image)], ...lists, pods, ...more });
  const reader = { ...cluster.connection.reader, ...(exec === undefined ? {} : { exec }) };
  return { ...cluster, connection: { ...cluster.connection, reader } };
}

test("all as planned, whatever the spelling of an address; also in check mode", async () => {
  for (const check of [false, true]) {
    assert.equal(await observe(ciliumSessions, args(), clusterOf({ configs: good() }), check), {
      facts: { expected: 3, established: 3, version: "1.19.6" },
      unmet: [],
      warnings: [],
      message: "3 of 3 sessions Established (Cilium 1.19.6)",
    });
  }
});

for (const [state, cause] of [
  ["active", /wrong BGP password/],
  ["connect", /wrong BGP password/],
  ["idle", /wrong AS number/],
  ["open_confirm", /agreed on: wrong AS number/],
  ["unknown", /cilium-dbg bgp peers/],
] as const) {
  test(`a session in state ${state} is named with its likely cause`, async () => {
    const [, other] = good();
    const configs = [nodeConfig("worker-1", { "192.168.18.201": UP, "192.168.18.202": state }), ...(other ? [other] : [])];
    const seen = await observe(ciliumSessions, args(), clusterOf({ configs }));
    assert.is(seen.unmet.length, 1);
    assert.match(seen.unmet[0] ?? "", `worker-1 to leaf202 (192.168.18.202): ${state}; `);
    assert.match(seen.unmet[0] ?? "", cause);
    assert.is(seen.message, "2 of 3 sessions Established (Cilium 1.19.6)");
  });
}

const rack2 = clusterConfig("rack-2", "2");
const unselected: readonly (readonly [string, Given["more"], string])[] = [
  ["the node is not there", { "ciliumbgpclusterconfigs.cilium.io": [rack2] }, "no node of this name"],
  ["nothing is configured", { nodes: nodes({ "worker-3": "2" }) }, "no BGP configuration in the cluster"],
  [
    "the rack label is missing",
    { nodes: nodes({ "worker-3": undefined }), "ciliumbgpclusterconfigs.cilium.io": [rack2] },
    "lacks the label rack_id",
  ],
  [
    "the rack label is wrong",
    { nodes: nodes({ "worker-3": "7" }), "ciliumbgpclusterconfigs.cilium.io": [rack2] },
    "label rack_id is 7, not 2",
  ],
  [
    "its rack has none",
    { nodes: nodes({ "worker-3": "2" }), "ciliumbgpclusterconfigs.cilium.io": [clusterConfig("rack-1", "1")] },
    "no BGP configuration selects it",
  ],
  [
    "the operator does nothing",
    { nodes: nodes({ "worker-3": "2" }), "ciliumbgpclusterconfigs.cilium.io": [rack2] },
    "CiliumBGPClusterConfig rack-2 selects it; is cilium-operator up",
  ],
];
for (const [name, more, cause] of unselected) {
  test(`a node without a NodeConfig fails: ${name}`, async () => {
    const [one] = good();
    const seen = await observe(ciliumSessions, args(), clusterOf({ configs: one ? [one] : [], ...(more ? { more } : {}) }));
    assert.is(seen.unmet.length, 1);
    assert.match(seen.unmet[0] ?? "", "worker-3: no BGP peers at all; ");
    assert.match(seen.unmet[0] ?? "", cause);
  });
}

test("conditions are bad when True, and only then", async () => {
  const [, other] = good();
  const peerConfig = (name: string, status: string): KubeObject => ({
    apiVersion: "cilium.io/v2",
    kind: "CiliumBGPPeerConfig",
    metadata: { name },
    status: {
      conditions: [{ type: "cilium.io/MissingAuthSecret", status, reason: "MissingAuthSecret", message: "bgp-secrets" }],
    },
  });
  const conflict = { type: "cilium.io/ConflictingClusterConfig", status: "True", reason: "x", message: "" };
  const more = {
    "ciliumbgppeerconfigs.cilium.io": [peerConfig("aci-ipv4", "True"), peerConfig("aci-ipv6", "False")],
    "ciliumbgpclusterconfigs.cilium.io": [clusterConfig("rack-1", "1", [conflict])],
  };
  const configs = [nodeConfig("worker-1", { "192.168.18.201": UP, "192.168.18.202": "active" }), ...(other ? [other] : [])];
  const seen = await observe(ciliumSessions, args(), clusterOf({ configs, more }));
  assert.is(seen.unmet.length, 3);
  assert.match(seen.unmet[1] ?? "", /^CiliumBGPClusterConfig rack-1: ConflictingClusterConfig: a node takes only one/);
  assert.match(
    seen.unmet[2] ?? "",
    /^CiliumBGPPeerConfig aci-ipv4: MissingAuthSecret \(bgp-secrets\): .*without a password.*cilium\.bgp_password/,
  );
});

/** Answers of `bgp peers -o json` by pod, and what was asked. */
function agents(answers: Readonly<Record<string, string>>) {
  const asked: (readonly [PodContainer, readonly string[]])[] = [];
  const exec: ClusterReader["exec"] = async (container, command) => {
    asked.push([container, command]);
    const answer = answers[container.pod];
    return answer === undefined ? failed({ kind: "failed", doing: "exec", message: "container not found" }) : ok(answer);
  };
  return { asked, exec };
}
const printed = (peers: Peers) =>
  JSON.stringify(
    Object.entries(peers).map(([address, state]) => ({ "peer-address": address, "session-state": state, "peer-asn": 65002 })),
  );

for (const [version, program] of [
  ["1.13.4", "cilium"],
  ["1.14.19", "cilium"],
  ["1.15.19", "cilium-dbg"],
] as const) {
  test(`${version}: the agents are asked, with ${program}, also where newer kinds are served already`, async () => {
    const { asked, exec } = agents({
      "cilium-on-worker-1": printed({ "192.168.18.201": UP, "192.168.18.202": UP }),
      "cilium-on-worker-3": printed({ "fd00:2::203": UP }),
    });
    const image = `quay.io/cilium/cilium:v${version}`;
    const seen = await observe(ciliumSessions, args(), clusterOf({ image, configs: [], exec }));
    assert.equal(seen.unmet, []);
    assert.is(seen.message, `3 of 3 sessions Established (Cilium ${version})`);
    assert.equal(asked[0], [
      { namespace: "kube-system", pod: "cilium-on-worker-1", container: "cilium-agent" },
      [program, "bgp", "peers", "-o", "json"],
    ]);
  });
}

test("without status reports the agent of that node is asked; what it cannot say is unmet", async () => {
  const configs = [nodeConfig("worker-1", undefined), nodeConfig("worker-3", undefined)];
  const { asked, exec } = agents({ "cilium-on-worker-1": printed({ "192.168.18.201": UP, "192.168.18.202": UP }) });
  const seen = await observe(ciliumSessions, args(), clusterOf({ configs, exec }));
  assert.is(asked.length, 2);
  assert.equal(seen.unmet, ["worker-3: cilium-dbg bgp peers in cilium-on-worker-3: container not found"]);
  const garbled = await observe(
    ciliumSessions,
    args(),
    clusterOf({ configs, exec: agents({ "cilium-on-worker-1": "null", "cilium-on-worker-3": "?" }).exec }),
  );
  assert.match(garbled.unmet[0] ?? "", "worker-1: no BGP peers at all");
  assert.match(garbled.unmet[1] ?? "", "worker-3: cilium-dbg bgp peers in cilium-on-worker-3 gave no JSON list");
});

test("peers that nobody planned and policies that 1.19 will not read are warned about", async () => {
  const configs = [...good(), nodeConfig("elsewhere", { "10.0.0.1": UP })];
  const [one, ...others] = configs;
  const stranger = nodeConfig("worker-1", { "192.168.18.201": UP, "192.168.18.202": UP, "10.9.9.9": "active" });
  const policy = { apiVersion: "cilium.io/v2alpha1", kind: "CiliumBGPPeeringPolicy", metadata: { name: "old" } };
  const more = { "ciliumbgppeeringpolicies.cilium.io": [policy] };
  assert.ok(one);
  for (const [version, warnings] of [
    ["1.18.12", 2],
    ["1.19.6", 1],
  ] as const) {
    const image = `quay.io/cilium/cilium:v${version}`;
    const seen = await observe(ciliumSessions, args(), clusterOf({ image, configs: [stranger, ...others], more }));
    assert.equal(seen.unmet, []);
    assert.is(seen.warnings?.length, warnings);
    assert.is(seen.warnings?.[0], "worker-1 has a BGP peer that is not in the plan: 10.9.9.9 (active)");
  }
});

test("the version is that of the agent's image, or of the release", async () => {
  const configs = good();
  const own = await observe(
    ciliumSessions,
    args(),
    clusterOf({ image: "registry.example.org:5000/cilium@sha256:0123", configs }),
  );
  assert.is(own.message, "3 of 3 sessions Established (Cilium of unknown version)");
  const cluster = clusterOf({ image: "registry.example.org:5000/cilium:mirror", configs });
  const reader: ClusterReader = {
    ...cluster.connection.reader,
    release: async () => ok({ status: "deployed", chart: "cilium", version: "1.18.3", values: {} }),
  };
  const seen = await observe(ciliumSessions, args(), { ...cluster, connection: { ...cluster.connection, reader } });
  assert.is(seen.message, "3 of 3 sessions Established (Cilium 1.18.3)");
});

test.run();
