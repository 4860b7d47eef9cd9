import { Type } from "#typebox";
import { absentUnlessUsed, mo } from "../../runner/connect/managed-object.ts";
import { declareTask } from "../../runner/task-type.ts";
import { Name, State } from "./arguments.ts";
import { neverMoved } from "./objects.ts";

/** LACP on the leaves' side of the nodes' bonds: a node in 802.3ad mode needs `active` (facts section 4). */
export const lacpPolicy = declareTask({
  name: "aci.lacp_policy",
  summary: "LACP policy of the nodes' bundles",
  steps: [],
  on: "apic",
  args: Type.Object(
    {
      name: Name("Policy (lacpLagPol.name)"),
      mode: Type.Enum(["active", "passive", "off", "mac-pin"], {
        default: "active",
        description: "active for bonds in 802.3ad mode (lacpLagPol.mode)",
      }),
      suspend_individual: Type.Boolean({
        default: true,
        description:
          "Suspend a port whose node speaks no LACP; false for nodes that boot over the network (lacpLagPol.ctrl susp-individual)",
      }),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "A policy of this name that somebody else made is used when it says the same; else it is a failure: other bundles hang on it.",
    "absent leaves the policy, with a warning, while a policy group uses it.",
  ],
  example: `
- name: LACP policy
  aci.lacp_policy:
    name: lacp-active
    mode: active
`,
  desired: ({ args }) => {
    const dn = `uni/infra/lacplagp-${args.name}`;
    if (args.state === "absent") {
      const use = { className: "infraRsLacpPol", property: "tnLacpLagPolName", value: args.name, match: "is" } as const;
      return [absentUnlessUsed("lacpLagPol", dn, [use])];
    }
    const ctrl = ["fast-sel-hot-stdby", "graceful-conv", ...(args.suspend_individual ? ["susp-individual"] : [])];
    const because = "the bundles of everybody who uses the policy would change: take a name of your own";
    const policy = neverMoved(mo("lacpLagPol", dn, { mode: args.mode, ctrl }), "mode", because);
    return [neverMoved(policy, "ctrl", because)];
  },
});
