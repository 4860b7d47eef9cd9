import type { Change } from "../../runner/change.ts";
import type { LeafReader } from "../../runner/connect/managed-object.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import type { Elsewhere, Refusal } from "../../runner/task.ts";
import { actionTask } from "../../runner/task-type.ts";
import { problemLines } from "../cni/session-pattern.ts";
import { parseVersion } from "../cni/version.ts";
import { type RotatedSession, RotationArguments } from "./arguments.ts";
import { downInCluster } from "./cluster-end.ts";
import { hasOwnPeers } from "./fabric-peers.ts";
import { type Held, heldBy, heldText } from "./password-side.ts";
import { rotate } from "./rotate.ts";
import { everyNode, type Rotation, rotationOf } from "./rotation.ts";
import { outdatedPods, restartOf } from "./router-restart.ts";
import { glimpses, keyOf } from "./session-watch.ts";

/** A new MD5 password for all BGP sessions, on the fabric and in the cluster (facts cni.md 4.6). */
export const rotatePassword = actionTask({
  name: "bgp.rotate_password",
  summary: "Change the BGP password on both sides within the hold time",
  steps: [],
  on: "localhost",
  args: RotationArguments,
  notes: [
    "Both sides must have the password `from`, and all sessions must be Established at both ends: else nothing is touched. Where one side has `to` already, a rotation was interrupted, and it goes on. Where both have it there is nothing to do.",
    "Order: the controllers' POST and right behind it the cluster's write, usually a second apart. Calico and Cilium take a new Secret over while they run. For so long both sides differ; a session outlives that when it is shorter than the hold time, and is then reset once, by the agent that changes its password.",
    "kube-router reads the annotations of its node only when it starts: they are written before the POST, and right behind it all its pods are restarted at once. Longer than a pod takes to start is not possible to avoid. With graceful restart the leaves keep their routes meanwhile. With a standard SVI each node has a peer of its own, and the nodes change one after another (`batch`).",
    "Outage of a session: looks at every leaf about four times a second (fewer with many leaves), from the last look that has it Established to the first that has it again, so rather too long than too short. A session that went down and came up between two looks is told by the leaf's counters.",
    "When a write fails, or sessions are not back within `timeout`, both sides get the old password again, all nodes, and the task fails. Controllers or a Kubernetes API that are out of service are tried again for `patience` seconds; once the fabric has changed the cluster has only `hold` seconds before the old password is put back. So both sides differ for `hold` plus `patience` seconds at most (kube-router: 30 more, in which pods may end), unless one stays out of service: then the failure says which side has which password, and running it again goes forward.",
    "Afterwards make the new password bgp.password in the inventory: with the old one the design's playbook would put that back.",
    "The first Ctrl-C is heard between two batches.",
    "Facts: `outages` (node, leaf, family, seconds, back), longest first; `longest`, seconds; `differed`, seconds for which the sides had two passwords.",
  ],
  example: `- name: A new BGP password on both sides
  bgp.rotate_password:
    cni: calico
    apic: apic1
    tenant: k8s
    vrf: calico
    l3out: calico
    node_profile: anchors
    vlan: 310
    families: "{{ underlay.families }}"
    sessions: "{{ underlay.sessions }}"
    namespace: calico-system
    secret: bgp-secrets
    key: rr-password
    version: v3.31.7
    asn: 65002
    from: "{{ bgp.password }}"
    to: "{{ bgp.new_password }}"
    hold: 6`,
  refuse: refusals,
  plan: async (_reader, { args }, elsewhere) => {
    const opened = await open(args, elsewhere);
    if (!opened.ok) return opened;
    const rotation = opened.value;
    const nodes = everyNode(args);
    const ends = rotation.ends(nodes);
    const fabric = await heldBy(ends.fabric, rotation.passwords);
    if (!fabric.ok) return fabric;
    const cluster = await heldBy(ends.cluster, rotation.passwords);
    if (!cluster.ok) return cluster;
    const held = { fabric: fabric.value.held, cluster: cluster.value.held };
    if (held.fabric.other.length + held.cluster.other.length > 0) return unfit(held.fabric, held.cluster);
    const outdated = args.cni === "kube-router" ? await outdatedPods(rotation.reader, nodes) : ok([]);
    if (!outdated.ok) return outdated;

    const isUntouched = held.fabric.new.length + held.cluster.new.length + outdated.value.length === 0;
    const written = [...fabric.value.forward.changes, ...cluster.value.forward.changes];
    if (written.length > 0 && isUntouched) {
      const up = await allEstablished(rotation);
      if (!up.ok) return up;
    }
    const annotated = new Set(held.cluster.old);
    const restarted = new Set(outdated.value.map(({ node }) => node));
    const restarts =
      args.cni === "kube-router" ? [...nodes].filter((node) => restarted.has(node) || annotated.has(`node ${node}`)) : [];
    const changes: readonly Change[] = [...written, ...restarts.map(restartOf)];
    return ok({
      changes,
      warnings: changes.length > 0 && !isUntouched ? [goesOn(held.fabric, held.cluster)] : [],
      project: () => {
        fabric.value.forward.project();
        cluster.value.forward.project();
      },
      apply: async (writer, during) => {
        const controllers = await during.at("apic", args.apic);
        if (!controllers.ok) return controllers;
        return rotate(rotation, { fabric: controllers.value.writer, cluster: writer, unfinished: new Set() }, during);
      },
    });
  },
});

function refusals(args: RotationArguments): readonly Refusal[] {
  const { cni, secret, key, vlan, version } = args;
  const needs = (argument: string, given: unknown): readonly Refusal[] =>
    given === undefined ? [{ argument: [argument], message: `is missing: ${cni} needs it` }] : [];
  return [
    ...(cni === "kube-router" ? [] : needs("secret", secret)),
    ...(cni === "calico" ? needs("key", key) : []),
    ...(parseVersion(version) === undefined ? [{ argument: ["version"], message: "is not a version" }] : []),
    ...(hasOwnPeers(args) || typeof vlan === "number"
      ? []
      : [{ argument: ["vlan"], message: "is missing: the peers of a floating SVI are named by it" }]),
  ];
}

async function open(args: RotationArguments, elsewhere: Elsewhere): Promise<Result<Rotation>> {
  const fabric = await elsewhere.at("apic", args.apic);
  if (!fabric.ok) return fabric;
  const cluster = await elsewhere.at("localhost", "localhost");
  if (!cluster.ok) return cluster;
  const leaves = new Map<string, LeafReader>();
  for (const leaf of new Set(args.sessions.map((session) => session.leaf))) {
    const side = await elsewhere.at("leaf", leaf);
    if (!side.ok) return side;
    leaves.set(leaf, side.value.reader);
  }
  return ok(rotationOf(args, { fabric: fabric.value, cluster: cluster.value }, leaves));
}

/** With sessions down before, nobody could tell whether the new password works. */
async function allEstablished({ args, reader, place }: Rotation): Promise<Result<void>> {
  const down: { readonly session: RotatedSession; readonly text: string }[] = [];
  for (const [leaf, leafReader] of place.leaves) {
    const own = args.sessions.filter((session) => session.leaf === leaf);
    const seen = await glimpses(leafReader, place, own);
    if (!seen.ok) return seen;
    for (const session of own) {
      if (seen.value.get(keyOf(session))?.established !== true) down.push({ session, text: "not Established on the leaf" });
    }
  }
  const inCluster = await downInCluster(reader, args, args.sessions);
  if (!inCluster.ok) return inCluster;
  for (const session of inCluster.value) down.push({ session, text: "not Established on the node" });
  if (down.length === 0) return ok(undefined);
  return failed({
    kind: "failed",
    doing: "looking at the sessions before the password is changed",
    message: problemLines(down, args.sessions.length).join("\n"),
    meaning: "nothing was changed: with sessions down before nobody could tell whether the new password works",
    next: "bring them up first (playbooks/day2/verify.yaml names causes; nodes in maintenance go back first), then run it again",
  });
}

function unfit(fabric: Held, cluster: Held): Result<never> {
  return failed({
    kind: "failed",
    doing: "asking both sides which password they have",
    message: `the fabric has ${heldText(fabric)}; the cluster has ${heldText(cluster)}`,
    meaning:
      "nothing was changed: a side has neither bgp.password nor bgp.new_password, or more than its password is not as planned",
    next: "run the design's playbook first, with the password that is in force as bgp.password",
  });
}

function goesOn(fabric: Held, cluster: Held): string {
  return `an earlier rotation was interrupted: the fabric has ${heldText(fabric)}, the cluster has ${heldText(cluster)}; it goes on to the new one`;
}
