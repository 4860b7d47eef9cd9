import { Type } from "#typebox";
import { ok } from "../../runner/result.ts";
import { actionTask } from "../../runner/task-type.ts";
import { rebootNode } from "./reboot-node.ts";

/** Restarts a machine and waits for it, as part of a maintenance. */
export const nodeReboot = actionTask({
  name: "node.reboot",
  summary: "Reboot of a node, until it is back and settled",
  steps: [],
  on: "node",
  args: Type.Object(
    {
      timeout: Type.Integer({
        minimum: 10,
        maximum: 7200,
        default: 900,
        description: "Seconds until the node must be back with its services started",
      }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "Reboots at every run: a reboot has no state that could be there already.",
    "Back means: SSH answers with another boot ID than before, `systemctl is-system-running` says running or degraded, and the kubelet is active if it starts with the machine and has joined a cluster.",
    "Routes of a node that just goes down stay on the leaves for the restart time: take them back first (calico.withdraw, cilium.withdraw, kube_router.withdraw).",
    "Fact: `seconds`, how long it took.",
  ],
  example: `- name: Reboot
  node.reboot:
    timeout: 900`,
  plan: async (reader, { args, host }) =>
    ok({
      changes: [{ target: `reboot ${host}`, action: "run", before: null, after: null }],
      apply: (writer, during) => rebootNode({ host, reader, writer, during, timeout: args.timeout }),
    }),
});
