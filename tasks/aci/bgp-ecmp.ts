import { Type } from "#typebox";
import { absentUnlessUsed, mo } from "../../runner/connect/managed-object.ts";
import { declareTask } from "../../runner/task-type.ts";
import { Name, State, Tenant } from "./arguments.ts";
import { tenantDn } from "./names.ts";
import { usedByName } from "./uses.ts";

/** White paper step 11: more equal-cost paths than the default 16, so that a service may run on up to 64 nodes. */
export const bgpEcmp = declareTask({
  name: "aci.bgp_ecmp",
  summary: "Maximum number of eBGP and iBGP equal-cost paths",
  steps: [11],
  on: "apic",
  args: Type.Object(
    {
      tenant: Tenant,
      name: Name("Policy (bgpCtxAfPol.name)"),
      ebgp: Type.Integer({ minimum: 1, maximum: 64, default: 64, description: "Paths learned over eBGP (bgpCtxAfPol.maxEcmp)" }),
      ibgp: Type.Integer({
        minimum: 1,
        maximum: 64,
        default: 64,
        description: "Paths learned over iBGP, from the other leaves (bgpCtxAfPol.maxEcmpIbgp)",
      }),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "The policy does nothing until a VRF uses it: aci.vrf_bgp. It must be in the VRF's tenant, or in common.",
    "absent leaves it, with a warning, while a VRF uses it.",
  ],
  example: `
- name: Step 11 - ECMP, 64 paths
  aci.bgp_ecmp:
    tenant: k8s
    name: calico-ecmp
`,
  desired: ({ args }) => {
    const dn = `${tenantDn(args.tenant)}/bgpCtxAfP-${args.name}`;
    if (args.state === "absent") {
      const use = usedByName(args.tenant, "fvRsCtxToBgpCtxAfPol", "tnBgpCtxAfPolName", args.name);
      return [absentUnlessUsed("bgpCtxAfPol", dn, [use])];
    }
    return [mo("bgpCtxAfPol", dn, { maxEcmp: args.ebgp, maxEcmpIbgp: args.ibgp })];
  },
});
