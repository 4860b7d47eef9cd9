import { Type } from "#typebox";
import type { ClusterReader, NodeScheduling } from "../../runner/connect/cluster.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import { actionTask } from "../../runner/task-type.ts";
import { NodeNames } from "../cni/pod-prefixes.ts";
import { CORDONED, JOINING } from "./node-marks.ts";
import { type NodeState, nodeNamed, nodeState } from "./node-state.ts";
import { State } from "./state.ts";

/** Keeps new pods off nodes, and lets them back: but only where we were the ones who kept them off. */
export const cordon = actionTask({
  name: "k8s.cordon",
  summary: "Nodes take no new pods, with a note of who said so",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      nodes: NodeNames,
      reason: Type.String({ minLength: 1, maxLength: 200, description: `Value of the annotation ${CORDONED}` }),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    `Sets spec.unschedulable and the annotation ${CORDONED}, and takes away the taint ${JOINING.key} with which k8s.join lets nodes in.`,
    "A node that somebody else cordoned stays as it is, with a warning, and is not uncordoned by us later. A first reason is kept.",
    "absent uncordons only nodes with our annotation; the others are left alone, and nodes that are not in the cluster are no failure.",
    "One kubectl process writes all nodes; one more when some have the taint.",
  ],
  example: `- name: No new pods
  k8s.cordon:
    nodes: [worker-7, worker-8]
    reason: memory is replaced`,
  plan: async (reader, { args, host }, elsewhere) => {
    const read = await readStates(reader, args.nodes);
    if (!read.ok) return read;
    const { states, missing } = read.value;
    if (args.state === "present" && missing.length > 0) return notInCluster(missing);
    const foreign = states.filter(({ cordoned, cordonedBy }) => cordoned && cordonedBy === undefined);
    const wanted =
      args.state === "present" ? states.flatMap((state) => cordoned(state, args.reason)) : states.flatMap(uncordoned);
    const side = await elsewhere.at("localhost", host);
    if (!side.ok) return side;
    const planned = await side.value.plan(wanted);
    if (!planned.ok) return planned;
    const warning = foreign.length === 0 ? [] : [foreignWarning(foreign, args.state)];
    return ok({ ...planned.value, warnings: warning });
  },
});

/** The nodes that are in the cluster, in the order asked for, and the names of the others. */
export async function readStates(
  reader: ClusterReader,
  names: readonly string[],
): Promise<Result<{ readonly states: readonly NodeState[]; readonly missing: readonly string[] }>> {
  const found = await reader.objects(names.map(nodeNamed));
  if (!found.ok) return found;
  const states = new Map(found.value.map((node) => [node.metadata.name, nodeState(node)]));
  return ok({
    states: names.flatMap((name) => states.get(name) ?? []),
    missing: names.filter((name) => !states.has(name)),
  });
}

/** How a node is to be so that we have cordoned it; one that somebody else cordoned only loses our taint. */
function cordoned(state: NodeState, reason: string): readonly NodeScheduling[] {
  const foreign = state.cordoned && state.cordonedBy === undefined;
  if (foreign && !state.joining) return [];
  const annotations = foreign ? {} : { [CORDONED]: state.cordonedBy ?? reason };
  return [{ kind: "scheduling", node: state.name, unschedulable: true, annotations, withoutTaint: JOINING }];
}

/** How a node is to be when we no longer keep pods off it; none when it was not us. */
export function uncordoned({ name, cordonedBy }: NodeState): readonly NodeScheduling[] {
  if (cordonedBy === undefined) return [];
  return [{ kind: "scheduling", node: name, unschedulable: false, annotations: { [CORDONED]: null } }];
}

function foreignWarning(nodes: readonly NodeState[], state: "present" | "absent"): string {
  const names = nodes.map(({ name }) => name).join(", ");
  return state === "present"
    ? `${names}: cordoned already, and not by us: left so, and not uncordoned by us later`
    : `${names}: cordoned, and not by us: left so; kubectl uncordon lets pods back`;
}

function notInCluster(names: readonly string[]): Result<never> {
  return failed({
    kind: "failed",
    doing: "kubectl get nodes",
    message: `not in the cluster: ${names.join(", ")}`,
    meaning: "the node has not joined, or is known to Kubernetes by another name than in the inventory",
    next: "compare with kubectl get nodes; name the hosts of group `nodes` as the cluster does",
  });
}
