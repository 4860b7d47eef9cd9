import { Type } from "#typebox";
import { ok } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { NodeNames } from "../cni/pod-prefixes.ts";
import { messages } from "./finding.ts";
import { gatherLeaving } from "./leaving-evidence.ts";
import { judgeMaintenance } from "./maintenance-rules.ts";

/** Whether the cluster can do without these nodes for a while, before the first of them is touched. */
export const preflightMaintenance = probeTask({
  name: "preflight.maintenance",
  summary: "What the cluster would object to when these nodes are out of service together for a while",
  steps: [],
  on: "localhost",
  args: Type.Object({ nodes: NodeNames }, { additionalProperties: false }),
  notes: [
    "Errors stop the run before these nodes are touched; warnings are shown. Reads only.",
    "All of them are in the cluster; etcd keeps its majority, and more than one control plane node goes only when it does; somewhere for the pods to go; disruption budgets that no waiting would help.",
  ],
  example: `- name: The cluster can do without them for a while
  preflight.maintenance:
    nodes: [worker-7]`,
  observe: async (reader, { args }) => {
    const found = await gatherLeaving(reader, args.nodes);
    if (!found.ok) return found;
    const findings = judgeMaintenance(args, found.value);
    return ok({
      unmet: messages(findings, "error"),
      warnings: messages(findings, "warning"),
      message: `${found.value.nodes.length - args.nodes.length} of ${found.value.nodes.length} nodes stay in service`,
    });
  },
});
