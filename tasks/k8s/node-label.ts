import { Type } from "#typebox";
import type { Change } from "../../runner/change.ts";
import type { Manifest, ObjectReference } from "../../runner/connect/cluster.ts";
import { failed, ok } from "../../runner/result.ts";
import { actionTask } from "../../runner/task-type.ts";
import { State } from "./state.ts";

/** Kubernetes' limit for the name of a field manager. */
const LONGEST_MANAGER = 128;

/**
 * One label on many nodes; the paper's rack label, by which a node finds the leaves to peer with. An action and not a declared object,
 * because applying a Node that has not joined would make one up.
 */
export const nodeLabel = actionTask({
  name: "k8s.node_label",
  summary: "One label on the cluster's nodes",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      label: Type.String({
        pattern: "^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
        description: "Label key, such as rack_id",
      }),
      values: Type.Record(Type.String(), Type.Union([Type.String({ maxLength: 63 }), Type.Integer(), Type.Null()]), {
        description: "Value by node name; numbers become text, null takes the label away",
      }),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "Node names are those of the cluster (`kubectl get nodes`) and must equal the inventory's.",
    "null takes the label away, whoever set it; absent takes it from the nodes that have it with this value, and asks for no node to be there.",
    "A value that was changed by hand is put back. Other labels are left alone, and so are nodes that are not named.",
    "Each label has a field manager of its own, `underlay-label-<label>`, so that tasks for several labels do not undo each other.",
  ],
  example: `- name: Rack labels
  k8s.node_label:
    label: rack_id
    values: { worker-1: 1, worker-2: 2 }`,
  plan: async (reader, { args }) => {
    const { label, state } = args;
    const names = Object.keys(args.values);
    const found = await reader.objects(names.map(nodeOf));
    if (!found.ok) return found;
    const labels = new Map(found.value.map(({ metadata }) => [metadata.name, metadata.labels ?? {}]));
    const lost = names.filter((name) => !labels.has(name));
    if (lost.length > 0 && state === "present") return notInCluster(lost);

    const wrong = names.flatMap((name) => {
      const before = labels.get(name)?.[label] ?? null;
      const value = args.values[name] ?? null;
      const wanted = value === null ? null : String(value);
      const after = state === "present" ? wanted : before === wanted ? null : before;
      return before === after ? [] : [{ name, before, after }];
    });
    return ok({
      changes: wrong.map(
        ({ name, before, after }): Change => ({
          target: `node ${name}`,
          action: "modify",
          before: { metadata: { labels: { [label]: before } } },
          after: { metadata: { labels: { [label]: after } } },
        }),
      ),
      apply: async (writer) => {
        const gone = wrong.filter(({ after }) => after === null).map(({ name }) => nodeOf(name));
        const removed = gone.length === 0 ? ok(undefined) : await writer.removeLabel(gone, label);
        const labelled = wrong.flatMap(({ name, after }) => (after === null ? [] : manifestOf(name, label, after)));
        return removed.ok && labelled.length > 0 ? writer.apply(labelled) : removed;
      },
    });
  },
});

function nodeOf(name: string): ObjectReference {
  return { apiVersion: "v1", kind: "Node", name };
}

function manifestOf(name: string, label: string, value: string): Manifest {
  return {
    kind: "manifest",
    state: "present",
    object: { apiVersion: "v1", kind: "Node", metadata: { name, labels: { [label]: value } } },
    fieldManager: `underlay-label-${label}`.slice(0, LONGEST_MANAGER),
    force: true,
  };
}

function notInCluster(names: readonly string[]) {
  return failed({
    kind: "failed",
    doing: "kubectl get nodes",
    message: `not in the cluster: ${names.join(", ")}`,
    meaning: "the node has not joined, or is known to Kubernetes by another name than in the inventory",
    next: "compare with kubectl get nodes; name the hosts of group `nodes` as the cluster does",
  });
}
