import { Type } from "#typebox";
import type { LeafReader } from "../../runner/connect/managed-object.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import type { Elsewhere } from "../../runner/task.ts";
import { probeTask } from "../../runner/task-type.ts";
import { Name } from "../aci/arguments.ts";
import { type OutageMeter, outageMeter } from "../bgp/outage-meter.ts";
import { glimpses, keyOf, type WatchedSession } from "../bgp/session-watch.ts";
import { CniKind, CniNamespace } from "./arguments.ts";
import { type CniName, type Daemon, readDaemon, versionsText } from "./daemon.ts";

const Arguments = Type.Object(
  {
    cni: CniKind,
    namespace: CniNamespace,
    version: Type.String({ minLength: 1, description: "Release that all pods must come to run" }),
    tenant: Name("Tenant of the VRF (fvTenant.name)"),
    vrf: Name("VRF of the L3Out (fvCtx.name): where the leaves are watched"),
    sessions: Type.Array(
      Type.Object({
        node: Type.String({ minLength: 1, description: "Name of the node" }),
        leaf: Type.String({ minLength: 1, description: "Inventory name of the leaf" }),
        local_address: Type.String({ format: "ip", description: "The node's address" }),
      }),
      { minItems: 1, description: "`underlay.sessions`" },
    ),
    max_nodes_down: Type.Integer({
      minimum: 0,
      default: 1,
      description: "Nodes that may be without any session at the same time for longer than `grace`",
    }),
    grace: Type.Integer({
      minimum: 0,
      default: 60,
      description: "Seconds that a node may take to have a session again after its pod was replaced",
    }),
    timeout: Type.Integer({ minimum: 1, maximum: 7200, default: 1800, description: "Seconds for the whole rollout" }),
  },
  { additionalProperties: false },
);

type Session = WatchedSession & { readonly node: string };

/** What a rollout has shown so far, by the task that looks at it: its looks come one after another. */
const watches = new WeakMap<object, OutageMeter>();

/** A new release goes over the nodes, and the leaves' sessions are watched meanwhile. */
export const cniRollout = probeTask({
  name: "cni.rollout",
  summary: "A CNI's new release is on all nodes, and no more of them lose their sessions than may",
  steps: [],
  on: "localhost",
  args: Arguments,
  notes: [
    "Waits until the DaemonSet has the release, its controller has seen that, and all pods are updated and available.",
    "Looks at DaemonSet and leaves about once a second. Fails at once when more than `max_nodes_down` nodes are without any session for longer than `grace`, with the release that each node runs.",
    "Failing stops the run, not Kubernetes: it goes on replacing pods as far as maxUnavailable of the DaemonSet and the pods' readiness let it. The failure says how to hold it.",
    "Facts: `nodes`, a list of node, version and seconds without any session (at most so long, a second or two coarse), longest first.",
  ],
  example: `- name: Over all nodes, with the sessions watched
  cni.rollout:
    cni: calico
    namespace: calico-system
    version: v3.32.1
    tenant: k8s
    vrf: calico
    sessions: "{{ underlay.sessions }}"`,
  observe: async (reader, context, elsewhere) => {
    const { args } = context;
    const meter = watches.get(context) ?? outageMeter();
    watches.set(context, meter);
    const daemon = await readDaemon(reader, args.cni, args.namespace);
    if (!daemon.ok) return daemon;
    if (daemon.value === undefined) return ok({ unmet: [`no DaemonSet of ${args.cni} in namespace ${args.namespace}`] });
    const looked = await look(elsewhere, args, meter);
    if (!looked.ok) return looked;
    const nodes = [...new Set(args.sessions.map(({ node }) => node))];
    const without = nodes.filter((node) => {
      const { seconds, lasts } = meter.outageOf(node);
      return lasts && seconds > args.grace;
    });
    if (without.length > args.max_nodes_down) return lost(without, args, daemon.value);

    const outages = nodes
      .map((node) => ({ node, version: daemon.value?.versions.get(node) ?? null, seconds: meter.outageOf(node).seconds }))
      .sort((one, other) => other.seconds - one.seconds);
    const [longest] = outages;
    return ok({
      facts: { nodes: outages },
      unmet: pending(daemon.value, args.version),
      message: `${versionsText(daemon.value.versions)}; longest without any session: ${longest?.node} ${longest?.seconds} s`,
    });
  },
});

/** A node is up while one of its sessions is. */
async function look(
  elsewhere: Elsewhere,
  place: { readonly tenant: string; readonly vrf: string; readonly sessions: readonly Session[] },
  meter: OutageMeter,
): Promise<Result<void>> {
  const asked = Date.now();
  const seen = await Promise.all(
    [...new Set(place.sessions.map(({ leaf }) => leaf))].map(async (leaf) => {
      const side = await elsewhere.at("leaf", leaf);
      return side.ok ? lookAt(side.value.reader, leaf, place) : side;
    }),
  );
  const answered = Date.now();
  const up = new Set<string>();
  for (const leaf of seen) {
    if (!leaf.ok) return leaf;
    for (const node of leaf.value) up.add(node);
  }
  for (const node of new Set(place.sessions.map((session) => session.node))) {
    meter.see(node, { asked, answered }, { established: up.has(node), mark: "" });
  }
  return ok(undefined);
}

/** The nodes that have a session with a leaf. */
async function lookAt(
  reader: LeafReader,
  leaf: string,
  place: { readonly tenant: string; readonly vrf: string; readonly sessions: readonly Session[] },
): Promise<Result<readonly string[]>> {
  const own = place.sessions.filter((session) => session.leaf === leaf);
  const seen = await glimpses(reader, place, own);
  if (!seen.ok) return seen;
  return ok(own.filter((session) => seen.value.get(keyOf(session))?.established === true).map(({ node }) => node));
}

function pending({ name, wanted, observed, desired, current, versions }: Daemon, version: string): readonly string[] {
  if (wanted !== version.replace(/^v/, ""))
    return [`DaemonSet ${name} is to run ${wanted ?? "an image without a release"}, not yet ${version}`];
  if (!observed) return [`DaemonSet ${name}: its controller has not seen the new release yet`];
  return current < desired
    ? [`DaemonSet ${name}: ${current} of ${desired} pods are updated and available (${versionsText(versions)})`]
    : [];
}

/** What holds a rollout that is under way. */
const HOLD: Readonly<Record<CniName, string>> = {
  calico:
    "Calico's operator drives it: kubectl -n tigera-operator scale deployment tigera-operator --replicas=0, then patch the DaemonSet's updateStrategy to OnDelete",
  "kube-router": `kubectl -n kube-system patch daemonset kube-router -p '{"spec":{"updateStrategy":{"type":"OnDelete"}}}'`,
  cilium: `kubectl patch daemonset cilium in its namespace with -p '{"spec":{"updateStrategy":{"type":"OnDelete"}}}'`,
};

function lost(
  without: readonly string[],
  {
    cni,
    grace,
    max_nodes_down: allowed,
    version,
  }: { readonly cni: CniName; readonly grace: number; readonly max_nodes_down: number; readonly version: string },
  daemon: Daemon,
): Result<never> {
  return failed({
    kind: "failed",
    doing: `watching the leaves while ${daemon.name} goes to ${version}`,
    message: `${without.join(", ")}: no session with any leaf for more than ${grace} s (${allowed} may be without); nodes run ${versionsText(daemon.versions)}`,
    meaning: "the new release does not bring its sessions up; Kubernetes goes on replacing pods as long as they become Ready",
    next: `hold it: ${HOLD[cni]}; then find out why, with the log of the pod on ${without[0]}`,
  });
}
