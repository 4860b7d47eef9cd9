import { Type } from "#typebox";
import { ok } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { InterfaceProfile, L3OutName, Pod, Tenant } from "../aci/arguments.ts";
import { l3outDn } from "../aci/names.ts";
import { Paths } from "../aci/svi-path.ts";
import { gatherPaths } from "./allocation-evidence.ts";
import { judgeAllocation } from "./allocation-rules.ts";
import { messages } from "./finding.ts";

/** Before nodes join a cluster with standard SVIs: what they get is free, and nobody else's moves. */
export const preflightAllocation = probeTask({
  name: "preflight.allocation",
  summary: "Whether the VLANs and subnets of joining nodes are free, and those of the others unmoved",
  steps: [],
  on: "apic",
  args: Type.Object(
    {
      tenant: Tenant,
      l3out: L3OutName,
      pod: Pod,
      families: Type.Array(Type.Object({ interface_profile: InterfaceProfile, paths: Paths }), {
        minItems: 1,
        description:
          "Families of the address plan with the paths of all nodes (underlay.families); what else is in them is not looked at",
      }),
      joining: Type.Array(Type.String({ minLength: 1 }), { description: "Nodes that are to join" }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "Looks at the paths of this L3Out only; preflight.fabric looks for other users of a VLAN.",
    "A joining node whose path is there already must have it with what the plan says.",
  ],
  example: `- name: VLANs and subnets are free
  preflight.allocation:
    tenant: k8s
    l3out: k8s
    families: "{{ underlay.families }}"
    joining: [worker-5]`,
  observe: async (reader, { args }) => {
    const found = await gatherPaths(reader, l3outDn(args.tenant, args.l3out));
    if (!found.ok) return found;
    const findings = judgeAllocation(args.families, args.joining, args.pod, found.value);
    return ok({
      unmet: messages(findings, "error"),
      message: `${args.joining.length} of ${args.families[0]?.paths.length ?? 0} nodes get what is free`,
    });
  },
});
