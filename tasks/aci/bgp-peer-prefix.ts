import { Type } from "#typebox";
import { absentUnlessUsed, mo } from "../../runner/connect/managed-object.ts";
import { declareTask } from "../../runner/task-type.ts";
import { Name, State, Tenant } from "./arguments.ts";
import { tenantDn } from "./names.ts";
import { usedByName } from "./uses.ts";

/** White paper step 13: a limit for the prefixes that one node may announce. */
export const bgpPeerPrefix = declareTask({
  name: "aci.bgp_peer_prefix",
  summary: "Limit for the prefixes accepted from one node",
  steps: [13],
  on: "apic",
  args: Type.Object(
    {
      tenant: Tenant,
      name: Name("Policy (bgpPeerPfxPol.name)"),
      max_prefixes: Type.Integer({
        minimum: 1,
        maximum: 300_000,
        description:
          "Prefixes accepted in one session: pod blocks, service subnets and service addresses, with reserve (bgpPeerPfxPol.maxPfx)",
      }),
      action: Type.Enum(["reject", "log", "shut", "restart"], {
        default: "reject",
        description: "What happens beyond it; reject keeps the session and drops the excess (bgpPeerPfxPol.action)",
      }),
      threshold: Type.Integer({
        minimum: 1,
        maximum: 100,
        default: 75,
        description: "Percentage at which the leaf warns (bgpPeerPfxPol.thresh)",
      }),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "The limit counts for each session. It does nothing until a peer uses the policy: aci.bgp_peer, prefix_policy.",
    "absent leaves it, with a warning, while a peer uses it.",
  ],
  example: `
- name: Step 13 - Prefix limit
  aci.bgp_peer_prefix:
    tenant: k8s
    name: calico-prefixes
    max_prefixes: 500
`,
  desired: ({ args }) => {
    const dn = `${tenantDn(args.tenant)}/bgpPfxP-${args.name}`;
    if (args.state === "absent") {
      const use = usedByName(args.tenant, "bgpRsPeerPfxPol", "tnBgpPeerPfxPolName", args.name);
      return [absentUnlessUsed("bgpPeerPfxPol", dn, [use])];
    }
    return [mo("bgpPeerPfxPol", dn, { maxPfx: args.max_prefixes, action: args.action, thresh: args.threshold })];
  },
});
