import { Type } from "#typebox";
import { ok } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { NodeNames } from "../cni/pod-prefixes.ts";
import { messages } from "./finding.ts";
import { gatherJoining } from "./joining-evidence.ts";
import { judgeJoining, newcomersOf } from "./joining-rules.ts";

/** Whether the cluster can take these nodes, before anything is changed for them. */
export const preflightJoining = probeTask({
  name: "preflight.joining",
  summary: "What the cluster would object to when nodes join, before anything is changed",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      nodes: Type.Array(
        Type.Object(
          {
            name: Type.String({ minLength: 1 }),
            addresses: Type.Array(Type.String({ format: "interface-address" }), { minItems: 1 }),
          },
          { additionalProperties: true },
        ),
        { minItems: 1, description: "All planned nodes with an address for each family (`underlay.nodes`)" },
      ),
      joining: NodeNames,
      join: Type.Boolean({ default: false, description: "Nodes that are not in the cluster join it in this run" }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "Errors stop the run before anything is changed; warnings are shown. Reads only.",
    "Names; nodes in the cluster whose addresses have moved in the plan; addresses that another Node has; nodes that have not joined; what kubeadm join asks for; room for their pod prefixes, where the CNI tells.",
    "Fact `new`: those of `joining` that are not in the cluster.",
  ],
  example: `- name: Their names and addresses are free, those of the others are as planned
  preflight.joining:
    nodes: "{{ underlay.nodes }}"
    joining: "{{ ansible_play_hosts }}"
    join: true`,
  observe: async (reader, { args }) => {
    const found = await gatherJoining(reader);
    if (!found.ok) return found;
    const findings = judgeJoining(args, found.value);
    const newcomers = newcomersOf(args, found.value);
    return ok({
      facts: { new: [...newcomers] },
      unmet: messages(findings, "error"),
      warnings: messages(findings, "warning"),
      message: `${newcomers.length} of ${args.joining.length} are new, ${found.value.nodes.length} nodes are in the cluster: nothing speaks against it`,
    });
  },
});
