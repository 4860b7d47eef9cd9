import { Type } from "#typebox";
import type { Change } from "../../runner/change.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import { actionTask } from "../../runner/task-type.ts";
import { NodeNames } from "../cni/pod-prefixes.ts";
import { readStates } from "./cordon.ts";
import { budgetsOf, budgetText, type DisruptionBudget, heldBy, readBudgets } from "./disruption-budget.ts";
import { drainAll } from "./drain-all.ts";
import { type PodToEvict, podsToEvict } from "./pods-to-evict.ts";

/** Empties nodes the way kubectl does: budgets are respected, and what they hold back is told by name. */
export const drain = actionTask({
  name: "k8s.drain",
  summary: "Pods leave the nodes, as disruption budgets allow",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      nodes: NodeNames,
      timeout: Type.Integer({
        minimum: 1,
        maximum: 86_400,
        default: 300,
        description: "Seconds for each node; kubectl drains one after another",
      }),
      delete_emptydir_data: Type.Boolean({
        default: false,
        description: "Pods with emptyDir volumes go too; their data is lost",
      }),
      force: Type.Boolean({ default: false, description: "Pods without a controller go too; nobody makes them again" }),
      grace_period: Type.Optional(
        Type.Integer({ minimum: 0, maximum: 86_400, description: "Seconds that a pod is given to end, instead of its own" }),
      ),
      when_blocked: Type.Enum(["stay", "uncordon"], {
        default: "stay",
        description: "Nodes that could not be emptied stay cordoned, or take pods again if we cordoned them",
      }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "Runs kubectl drain once for all nodes, and tells while it waits which pods are left and which PodDisruptionBudget holds them.",
    "Pods of DaemonSets and static pods stay; finished pods go with the others but are not counted.",
    "Pods that kubectl would refuse to evict (no controller, emptyDir, more than one budget) are a failure before anything is evicted, all of them named.",
    "The nodes must be cordoned (k8s.cordon): else their pods would come straight back. Nodes that are not in the cluster have no pods.",
    "Time up: fails with each pod that is left, its budget and its numbers, and what was evicted. Ctrl-C stops the waiting; what is evicted stays so.",
  ],
  example: `- name: Pods go elsewhere
  k8s.drain:
    nodes: [worker-7]
    timeout: 300
    when_blocked: uncordon`,
  plan: async (reader, { args, host, check }, elsewhere) => {
    const found = await podsToEvict(reader, args.nodes);
    if (!found.ok) return found;
    const pods = found.value;
    if (pods.length === 0) return ok({ changes: [], apply: async () => ok(undefined) });
    const occupied = [...new Set(pods.map(({ node }) => node))];
    const states = await readStates(reader, occupied);
    if (!states.ok) return states;
    const open = states.value.states.filter(({ cordoned }) => !cordoned).map(({ name }) => name);
    if (open.length > 0) return notCordoned(open);
    const budgets = await readBudgets(reader);
    if (!budgets.ok) return budgets;
    const refused = pods.flatMap((pod) => refusal(pod, args, budgets.value));
    if (refused.length > 0) return cannotGo(refused);

    const side = await elsewhere.at("localhost", host);
    if (!side.ok) return side;
    // Only check mode needs it: later tasks must see the nodes empty.
    const gone = check
      ? await side.value.plan(pods.map(({ object }) => ({ kind: "manifest", state: "absent", object })))
      : undefined;
    if (gone !== undefined && !gone.ok) return gone;
    return ok({
      changes: pods.map(
        ({ name, node, owner }): Change => ({ target: `pod ${name}`, action: "delete", before: { node, owner }, after: null }),
      ),
      warnings: pods.flatMap(({ name, node, object }) => {
        const budget = heldBy(object, budgets.value);
        return budget === undefined ? [] : [`pod ${name} on ${node} may not go now: ${budgetText(budget)}`];
      }),
      project: () => gone?.value.project(),
      apply: (writer, during) => drainAll({ reader, writer, during, host, args, pods, nodes: occupied }),
    });
  },
});

/** Why kubectl, or the API server, would refuse to evict a pod however long one waits. */
function refusal(
  { name, node, owner, localVolumes, object }: PodToEvict,
  args: { readonly force: boolean; readonly delete_emptydir_data: boolean },
  budgets: readonly DisruptionBudget[],
): readonly string[] {
  const counted = budgetsOf(object, budgets);
  const reasons = [
    ...(owner === null && !args.force ? ["no controller makes it again (force: true deletes it all the same)"] : []),
    ...(localVolumes.length > 0 && !args.delete_emptydir_data
      ? [`the data in its emptyDir ${localVolumes.join(", ")} would be lost (delete_emptydir_data: true accepts that)`]
      : []),
    // Source: Kubernetes documentation, API-initiated eviction: with several budgets the API answers 500.
    ...(counted.length > 1
      ? [
          `${counted.map((budget) => `${budget.namespace}/${budget.name}`).join(" and ")} both count it, and Kubernetes evicts no pod with more than one budget`,
        ]
      : []),
  ];
  return reasons.length === 0 ? [] : [`${name} on ${node}: ${reasons.join("; ")}`];
}

function cannotGo(refused: readonly string[]): Result<never> {
  return failed({
    kind: "failed",
    doing: "look at the pods to evict",
    message: refused.join("\n"),
    meaning: "kubectl drain would refuse these pods; nothing was evicted",
    next: "move or delete them by hand, or say that they may go: force for pods without a controller, delete_emptydir_data for local data",
  });
}

function notCordoned(names: readonly string[]): Result<never> {
  return failed({
    kind: "failed",
    doing: "look at the nodes to drain",
    message: `not cordoned: ${names.join(", ")}`,
    meaning: "evicted pods could be put straight back on them; nothing was evicted",
    next: "cordon them first with k8s.cordon",
  });
}
