import { Type } from "#typebox";
import { ok } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { NodeNames } from "../cni/pod-prefixes.ts";
import { messages } from "./finding.ts";
import { gatherLeaving } from "./leaving-evidence.ts";
import { judgeLeaving } from "./leaving-rules.ts";

/** Whether the cluster can do without these nodes, before anything is changed. */
export const preflightLeaving = probeTask({
  name: "preflight.leaving",
  summary: "What the cluster would object to when nodes leave, before anything is changed",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      nodes: NodeNames,
      reset: Type.Boolean({
        default: false,
        description: "kubeadm reset runs on them, which takes a control plane node out of etcd",
      }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "Errors stop the run before anything is changed; warnings are shown. Reads only. Nodes that are not in the cluster have left already.",
    "Somewhere for the pods to go; the last control plane node, and etcd's majority; disruption budgets that no waiting would help.",
  ],
  example: `- name: The cluster can do without them
  preflight.leaving:
    nodes: [worker-7]
    reset: false`,
  observe: async (reader, { args }) => {
    const found = await gatherLeaving(reader, args.nodes);
    if (!found.ok) return found;
    const findings = judgeLeaving(args, found.value);
    const there = found.value.nodes.filter(({ name }) => args.nodes.includes(name)).length;
    return ok({
      unmet: messages(findings, "error"),
      warnings: messages(findings, "warning"),
      message:
        there === 0
          ? "they are not in the cluster any more"
          : `${found.value.nodes.length - there} of ${found.value.nodes.length} nodes stay in the cluster`,
    });
  },
});
