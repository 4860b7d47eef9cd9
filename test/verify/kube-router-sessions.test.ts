import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject } from "../../runner/connect/cluster.ts";
import { kubeRouterSessions } from "../../tasks/verify/kube-router-sessions.ts";
import { observe } from "../k8s/fake-cluster.ts";
import { CANARY, ENCODED, neighbor, node, peerLine, pod, running, session } from "../kube-router/running.ts";

const test = suite("verify.kube_router_sessions");

const LEAF = "192.168.43.201";
const annotated = node("worker-1", { "kube-router.io/peers": peerLine(LEAF) });

interface Situation {
  readonly nodes?: readonly KubeObject[];
  readonly pods?: readonly KubeObject[];
  readonly sessions?: readonly unknown[];
  readonly neighbors?: unknown;
  readonly adjIn?: unknown;
  /** AS numbers that the task is given. */
  readonly asns?: { readonly asn: number; readonly fabric_asn: number };
}

async function seen(situation: Situation) {
  const { nodes = [annotated], pods = [pod("worker-1", "1")], sessions = [session("worker-1", LEAF)] } = situation;
  const { neighbors = [neighbor(LEAF)], adjIn = {} } = situation;
  const cluster = running(
    nodes,
    () => pods,
    (_node, command) => (command.endsWith("adj-in -j") ? adjIn : neighbors),
  );
  const found = await observe(kubeRouterSessions, { sessions, ...situation.asns }, cluster);
  // Whatever is said: not the password that gobgp prints, nor the annotation's.
  assert.not.match(JSON.stringify(found), CANARY);
  assert.not.match(JSON.stringify(found), ENCODED);
  return found;
}

test("all sessions of the plan are Established", async () => {
  const found = await seen({});
  assert.equal(found.unmet, []);
  assert.is(found.message, "1 of 1 sessions Established, kube-router 2.11.1");
  assert.equal(found.facts, { expected: 1, established: 1, version: "2.11.1" });
});

test("both families; an address is the same however it is written", async () => {
  const sessions = [session("worker-1", LEAF), session("worker-1", "fd00:2::0201", { family: "ipv6" })];
  const found = await seen({ sessions, neighbors: [neighbor(LEAF), neighbor("fd00:2:0:0::201")] });
  assert.equal(found.unmet, []);
  assert.is(found.facts?.established, 2);
});

const path = (...asns: readonly number[]) => [
  {
    nlri: { prefix: "x" },
    attrs: [
      { type: 1, value: 0 },
      { type: 2, as_paths: [{ segment_type: 2, num: asns.length, asns }] },
    ],
  },
];
const partly = [neighbor(LEAF, { received: 3, accepted: 0 })];

const cases: readonly (readonly [string, Situation, RegExp | undefined])[] = [
  [
    "Active",
    { neighbors: [neighbor(LEAF, { state: 3 })] },
    /leaf201 \(192\.168\.43\.201\): Active; TCP does not come up: wrong BGP password/,
  ],
  ["Connect", { neighbors: [neighbor(LEAF, { state: 2 })] }, /Connect; TCP does not come up/],
  ["Idle", { neighbors: [neighbor(LEAF, { state: 1 })] }, /Idle; refused by one side: wrong AS/],
  ["OpenConfirm", { neighbors: [neighbor(LEAF, { state: 5 })] }, /OpenConfirm; TCP is up/],
  [
    "switched off",
    { neighbors: [neighbor(LEAF, { state: 1, admin: 1 })] },
    /switched off in the pod .* kube_router\.restart brings it back/,
  ],
  [
    "no state at all",
    { neighbors: [{ conf: { neighbor_address: LEAF, peer_asn: 65002 } }] },
    /unknown; its annotations are newer/,
  ],
  [
    "annotated after the pod started",
    { neighbors: [] },
    /no such peer in the pod; its annotations are newer than the pod.*kube_router\.restart/,
  ],
  [
    "another password in the pod",
    { neighbors: [neighbor(LEAF, { state: 3, password: "former-password" })] },
    /Active; its annotations are newer/,
  ],
  [
    "annotated otherwise while the session is up",
    { nodes: [node("worker-1", { "kube-router.io/peers": peerLine(LEAF, CANARY, 65042) })] },
    /Established, but otherwise after the pod's next restart; its annotations are newer than the pod/,
  ],
  [
    "wrong AS of the leaf",
    {
      asns: { asn: 65003, fabric_asn: 65002 },
      nodes: [node("worker-1", { "kube-router.io/peers": peerLine(LEAF, CANARY, 65042) })],
      neighbors: [neighbor(LEAF, { state: 1, asn: 65042 })],
    },
    /Idle; wrong AS number: the node expects AS 65042 of the leaf, the fabric is AS 65002/,
  ],
  [
    "wrong AS of the cluster",
    { asns: { asn: 65033, fabric_asn: 65002 }, neighbors: [neighbor(LEAF, { state: 1 })] },
    /Idle; wrong AS number: kube-router runs as AS 65003, the cluster is AS 65033/,
  ],
  [
    "wrong AS on the leaf",
    { asns: { asn: 65003, fabric_asn: 65002 }, neighbors: [neighbor(LEAF, { state: 1 })] },
    /Idle; refused by the leaf: wrong AS number there\?/,
  ],
  ["not annotated", { nodes: [node("worker-1")], neighbors: [] }, /no peers annotated \(kube_router\.peers\)/],
  [
    "annotated for another release",
    { nodes: [node("worker-1", { "kube-router.io/peers": "- {remoteip: 192.0.2.9, remoteasn: 65002}" })], neighbors: [] },
    /do not name 192\.168\.43\.201/,
  ],
  ["no pod", { pods: [] }, /worker-1: no pod of kube-router runs there/],
  ["no node", { nodes: [] }, /worker-1: not in the cluster/],
  ["no answer", { neighbors: "{ not json" }, /pod kube-router-worker-1 does not answer: the answer is not the JSON/],
  ["no answer yet", { pods: [pod("worker-1", "1", { ready: false })], neighbors: "garbage" }, /is not Ready and does not answer/],
  ["another peer", { neighbors: [neighbor(LEAF), neighbor("192.0.2.9")] }, /192\.0\.2\.9: a peer that is not a leaf of its rack/],
  ["iBGP", { neighbors: [neighbor(LEAF), neighbor("192.168.43.7", { asn: 65003 })] }, /a session with another node/],
  [
    "no AS override",
    { neighbors: partly, adjIn: { "192.168.44.16/28": path(65002, 65003) } },
    /received 3, accepted 0: .* come back with AS 65003.*; the leaf does not override the AS.*such as 192\.168\.44\.16\/28/,
  ],
  [
    "only the default route, which kube-router never takes",
    { neighbors: partly, adjIn: { "0.0.0.0/0": path(65002) } },
    undefined,
  ],
];
for (const [name, situation, reason] of cases) {
  test(`${name}: ${reason === undefined ? "nothing is wrong" : "said with its cause"}`, async () => {
    const { unmet } = await seen(situation);
    if (reason === undefined) assert.equal(unmet, []);
    else {
      assert.is(unmet.length, 1, unmet.join("\n"));
      assert.match(unmet[0] ?? "", reason);
    }
  });
}

test("nothing comes up anywhere: said so, once for all sessions that are down in the same way", async () => {
  const sessions = [session("worker-1", LEAF), session("worker-1", "192.168.43.202")];
  const nodes = [node("worker-1", { "kube-router.io/peers": peerLine(LEAF) + peerLine("192.168.43.202") })];
  const neighbors = [neighbor(LEAF, { state: 3 }), neighbor("192.168.43.202", { state: 3 })];
  const { unmet } = await seen({ sessions, nodes, neighbors });
  assert.is(unmet.length, 1);
  assert.match(
    unmet[0] ?? "",
    /^worker-1 to leaf201 \(192\.168\.43\.201\), leaf202 \(192\.168\.43\.202\): Active; TCP.*no session at all comes up: wrong BGP password/,
  );
});

test("paths that cannot be looked at are a doubt and no silence", async () => {
  const found = await seen({ neighbors: partly, adjIn: "no json" });
  assert.equal(found.unmet, []);
  assert.match(found.warnings?.join() ?? "", "worker-1: cannot tell why routes were not accepted");
});

test("a release that is too old for the design is refused by name", async () => {
  const old = pod("worker-1", "1");
  const spec = { nodeName: "worker-1", containers: [{ name: "kube-router", image: "kube-router:v1.5.0" }] };
  const passwords = { "kube-router.io/peer.passwords": ENCODED };
  const nodes = [node("worker-1", { "kube-router.io/peer.ips": LEAF, "kube-router.io/peer.asns": "65002", ...passwords })];
  const found = await seen({ nodes, pods: [{ ...old, spec }] });
  assert.equal(found.unmet.length, 1);
  assert.match(found.unmet[0] ?? "", "kube-router 1.5.0 is too old");
});

test.run();
