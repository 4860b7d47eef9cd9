import pLimit from "p-limit";
import { Type } from "#typebox";
import type { ClusterReader, KubeObject } from "../../runner/connect/cluster.ts";
import { ok, type Result } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { isBefore } from "../cni/version.ts";
import { stuckWithdrawn } from "../cni/withdrawn.ts";
import { byNode, type Session, Sessions } from "../kube-router/arguments.ts";
import { type Neighbor, readLoops, readNeighbors } from "../kube-router/gobgp.ts";
import { podOn, type RouterPod, routerPods } from "../kube-router/pods.ts";
import { detectedVersion, OLDEST, versionText } from "../kube-router/release.ts";
import { type NodeReport, reasonsOf, stateOf } from "../kube-router/session-causes.ts";
import { AT_ONCE } from "../kube-router/stale-pods.ts";

const ExpectedAsn = (description: string) => Type.Integer({ minimum: 1, maximum: 4294967295, description });

/** Proof from the cluster's side: each node has exactly the sessions of the plan, all Established, and takes the leaves' routes. */
export const kubeRouterSessions = probeTask({
  name: "verify.kube_router_sessions",
  summary: "Every node's BGP sessions with the leaves of its rack are Established",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      sessions: Sessions,
      asn: Type.Optional(ExpectedAsn("AS of all nodes, to tell where a wrong one is")),
      fabric_asn: Type.Optional(ExpectedAsn("AS of the fabric, to tell where a wrong one is")),
      timeout: Type.Integer({ minimum: 1, maximum: 3600, default: 120, description: "Seconds until all sessions are up" }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "Asks the pod of each node (`gobgp neighbor -j`, a few pods at a time); writes nothing, so it works in check mode too.",
    "Counts against the plan: a node without any peer looks healthy to Kubernetes and is a failure here. So are sessions that nobody planned: other peers, and iBGP between nodes.",
    "A session that is up fails too when the node's annotations say something else by now: it will not come back the same after a restart.",
    "Routes of other nodes that arrive with the cluster's own AS are dropped by kube-router, and pods of other racks cannot be reached: a failure too.",
    "Facts: expected, established, version.",
  ],
  example: `- name: kube-router's sessions with the leaves of the rack
  verify.kube_router_sessions:
    sessions: "{{ underlay.sessions }}"
    asn: 65003
    fabric_asn: 65002
    timeout: 120`,
  observe: async (reader, { args }) => {
    const planned = byNode(args.sessions);
    const pods = await routerPods(reader);
    if (!pods.ok) return pods;
    const nodes = await reader.objects([...planned.keys()].map((name) => ({ apiVersion: "v1", kind: "Node", name })));
    if (!nodes.ok) return nodes;
    const limit = pLimit(AT_ONCE);
    const reports = await Promise.all(
      [...planned].map(([node, sessions]) => limit(() => reportOf(reader, node, sessions, pods.value, nodes.value))),
    );
    const up = reports.flatMap((report) => report.sessions.filter((session) => stateOf(report, session) === "Established"));
    const established = up.length;
    const { versions, outdated } = releases(pods.value);
    const unmet = [...outdated, ...reasonsOf(reports, { cluster: args.asn, fabric: args.fabric_asn })];
    return ok({
      ...stuckWithdrawn(unmet),
      facts: { expected: args.sessions.length, established, version: versions },
      unmet,
      warnings: reports.flatMap(({ node, doubt }) =>
        doubt === undefined ? [] : [`${node}: cannot tell why routes were not accepted: ${doubt}`],
      ),
      message: `${established} of ${args.sessions.length} sessions Established${versions === null ? "" : `, kube-router ${versions}`}`,
    });
  },
});

async function reportOf(
  reader: ClusterReader,
  node: string,
  sessions: readonly Session[],
  pods: readonly RouterPod[],
  nodes: readonly KubeObject[],
): Promise<NodeReport> {
  const pod = podOn(node, pods);
  const base = { node, sessions, pod, object: nodes.find(({ metadata }) => metadata.name === node), loops: new Map() };
  if (pod === undefined) return { ...base, neighbors: [] };
  const asked = await readNeighbors(reader, pod);
  if (!asked.ok) return { ...base, neighbors: asked.failure.message };
  const loops = await loopsOf(reader, pod, asked.value);
  const report = { ...base, neighbors: asked.value };
  return loops.ok ? { ...report, loops: loops.value } : { ...report, doubt: loops.failure.message };
}

/** kube-router also does not take the default route and service addresses: only the paths tell a loop (facts 2.4). */
async function loopsOf(
  reader: ClusterReader,
  pod: RouterPod,
  neighbors: readonly Neighbor[],
): Promise<Result<ReadonlyMap<string, readonly string[]>>> {
  const found = new Map<string, readonly string[]>();
  for (const { state, received, accepted, address, localAsn } of neighbors) {
    if (state !== "Established" || accepted >= received || localAsn === undefined) continue;
    const loops = await readLoops(reader, pod, address, localAsn);
    if (!loops.ok) return loops;
    found.set(address, loops.value);
  }
  return ok(found);
}

/** The releases that run, in words, and what is to be said about those that are too old. */
function releases(pods: readonly RouterPod[]): { readonly versions: string | null; readonly outdated: readonly string[] } {
  const found = new Map(
    pods.flatMap(({ object }) => {
      const version = detectedVersion(object);
      return version === undefined ? [] : [[versionText(version), version] as const];
    }),
  );
  return {
    versions: found.size === 0 ? null : [...found.keys()].join(" and "),
    outdated: [...found]
      .filter(([, version]) => isBefore(version, OLDEST))
      .map(([text]) => `kube-router ${text} is too old for this design: ${OLDEST} or later (cloudnativelabs/kube-router #1323)`),
  };
}
