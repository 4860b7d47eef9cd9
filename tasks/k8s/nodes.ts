import { Type } from "#typebox";
import { ok } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { NodeNames } from "../cni/pod-prefixes.ts";
import { type NodeState, nodeNamed, nodeState } from "./node-state.ts";

/** Who of the inventory is in the cluster, and how it is there: what the plays of day 2 go by. */
export const nodes = probeTask({
  name: "k8s.nodes",
  summary: "Which nodes are in the cluster, Ready, cordoned, withdrawn",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      nodes: NodeNames,
      label: Type.Optional(
        Type.String({ minLength: 1, description: "Label that nodes in service have, such as rack_id, for fact `without_label`" }),
      ),
    },
    { additionalProperties: false },
  ),
  notes: [
    "Facts are lists of names in the order of `nodes`: `present` and `absent`; of those present `ready`, `cordoned` (by whomever), `cordoned_by_us`, `withdrawn`, `control_planes`.",
    "`without_label`: present without `label`, whatever its value. `new`: these, and those that still have the taint with which k8s.join lets nodes in.",
    "One kubectl process, however many nodes. In check mode nodes that are only planned to join or to go count as such.",
  ],
  example: `- name: Who is in the cluster
  k8s.nodes:
    nodes: "{{ groups.nodes }}"
    label: rack_id
  register: found`,
  observe: async (reader, { args }) => {
    const found = await reader.objects(args.nodes.map(nodeNamed));
    if (!found.ok) return found;
    const states = new Map(found.value.map((node) => [node.metadata.name, nodeState(node)]));
    const names = (fits: (state: NodeState) => boolean): string[] =>
      args.nodes.filter((name) => {
        const state = states.get(name);
        return state !== undefined && fits(state);
      });
    const { label } = args;
    const lacks = ({ labels }: NodeState): boolean => label !== undefined && !(label in labels);
    const present = names(() => true);
    return ok({
      facts: {
        present,
        absent: args.nodes.filter((name) => !states.has(name)),
        ready: names(({ ready }) => ready),
        cordoned: names(({ cordoned }) => cordoned),
        cordoned_by_us: names(({ cordonedBy }) => cordonedBy !== undefined),
        withdrawn: names(({ withdrawn }) => withdrawn),
        without_label: names(lacks),
        new: names((state) => lacks(state) || state.joining),
        control_planes: names(({ controlPlane }) => controlPlane),
      },
      unmet: [],
      message: `${present.length} of ${args.nodes.length} in the cluster`,
    });
  },
});
