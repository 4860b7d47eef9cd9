import { Type } from "typebox";
import { removable } from "../../runner/connect/managed-object.ts";
import { declareTask } from "../../runner/task-type.ts";
import { L3OutName, Tenant } from "../aci/arguments.ts";
import { l3outDn } from "../aci/names.ts";

/** Before anything is taken away: an L3Out that holds something of somebody else cannot go, and the cluster's sessions should stay then. */
export const preflightRemoval = declareTask({
  name: "preflight.removal",
  summary: "Whether the L3Out can be taken away",
  steps: [],
  on: "apic",
  args: Type.Object({ tenant: Tenant, l3out: L3OutName }, { additionalProperties: false }),
  notes: [
    "Fails and names them when objects that underlay did not make are below what underlay made of the L3Out. Nothing is written.",
    "Shared objects need no asking: aci.vlan_pool and the like leave them while others use them.",
  ],
  example: `- name: The L3Out holds nothing of somebody else
  preflight.removal:
    tenant: k8s
    l3out: calico`,
  desired: ({ args }) => [removable("l3extOut", l3outDn(args.tenant, args.l3out))],
});
