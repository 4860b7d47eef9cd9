import { Type } from "#typebox";
import { absentUnlessUsed, type ManagedObject, mo } from "../../runner/connect/managed-object.ts";
import { declareTask } from "../../runner/task-type.ts";
import { Name, PortType, State } from "./arguments.ts";
import { aaepDn, policyGroupDn } from "./names.ts";
import { neverMoved } from "./objects.ts";
import { usedByDn, usedByPaths } from "./uses.ts";

const THEIRS = "its ports are somebody else's: take a name of your own (policy_group)";

/** Policy groups of the nodes' ports. A bundle is a group of its own: the path of an SVI is named after it (facts section 4). */
export const interfacePolicyGroup = declareTask({
  name: "aci.interface_policy_group",
  summary: "Interface policy groups of the nodes: vPC, port channel or single ports",
  steps: [],
  on: "apic",
  args: Type.Object(
    {
      groups: Type.Array(
        Type.Object(
          {
            policy_group: Name("Policy group (infraAccBndlGrp.name or infraAccPortGrp.name)"),
            type: PortType,
          },
          { additionalProperties: false },
        ),
        { description: "Groups; one that is listed twice is made once: several single ports may share one" },
      ),
      aaep: Name("AAEP of the nodes' ports (infraRsAttEntP.tDn)"),
      lacp_policy: Type.Optional(Name("LACP policy of the bundles (infraRsLacpPol.tnLacpLagPolName)")),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "Other policies of a group (LLDP, CDP, link level) are left alone.",
    "A group that is in use cannot change between port channel and vPC: delete it first.",
    "absent leaves a group, with a warning, while ports, an L3Out or an EPG use it.",
  ],
  example: `
- name: Policy group of every node
  aci.interface_policy_group:
    groups:
      - { policy_group: k8s-node1, type: vpc }
      - { policy_group: k8s-node2, type: vpc }
    aaep: k8s
    lacp_policy: lacp-active
`,
  desired: ({ args }) => {
    const groups = [...new Map(args.groups.map((group) => [policyGroupDn(group.type, group.policy_group), group]))];
    return groups.flatMap(([dn, { type, policy_group }]): ManagedObject[] => {
      const bundle = type !== "port";
      const className = bundle ? "infraAccBndlGrp" : "infraAccPortGrp";
      if (args.state === "absent") {
        // Ports configured one by one (infraPortConfig) count too: the controller makes selectors for them (facts section 4).
        const paths = bundle ? usedByPaths("ends", `/pathep-[${policy_group}]`) : [];
        return [
          absentUnlessUsed(className, dn, [usedByDn("infraRsAccBaseGrp", dn), ...paths], [`${dn}/rsattEntP`, `${dn}/rslacpPol`]),
        ];
      }
      return [
        bundle ? neverMoved(mo(className, dn, { lagT: type === "vpc" ? "node" : "link" }), "lagT", THEIRS) : mo(className, dn),
        mo("infraRsAttEntP", `${dn}/rsattEntP`, { tDn: aaepDn(args.aaep) }),
        ...(bundle && args.lacp_policy !== undefined
          ? [mo("infraRsLacpPol", `${dn}/rslacpPol`, { tnLacpLagPolName: args.lacp_policy })]
          : []),
      ];
    });
  },
});
