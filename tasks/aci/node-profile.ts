import { Type } from "#typebox";
import { absentMo, mo } from "../../runner/connect/managed-object.ts";
import { declareTask } from "../../runner/task-type.ts";
import { L3OutName, NodeId, NodeProfile, Others, Pod, State, Tenant } from "./arguments.ts";
import { nodeDn, nodeProfileDn } from "./names.ts";

/** White paper steps 3 and 4: the leaves of the L3Out with their router IDs. */
export const nodeProfile = declareTask({
  name: "aci.node_profile",
  summary: "Logical node profile with leaves and router IDs",
  steps: [3],
  on: "apic",
  args: Type.Object(
    {
      tenant: Tenant,
      l3out: L3OutName,
      name: NodeProfile,
      pod: Pod,
      nodes: Type.Array(
        Type.Object(
          {
            node_id: NodeId,
            router_id: Type.String({
              format: "ip",
              description: "Router ID, the same in every L3Out of the VRF on that leaf (l3extRsNodeL3OutAtt.rtrId)",
            }),
          },
          { additionalProperties: false },
        ),
        { minItems: 1, description: "The border or anchor leaves" },
      ),
      others: Others,
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "No loopback is made from the router ID (rtrIdLoopBack no): the nodes are directly connected eBGP neighbours.",
    "The profile holds exactly these leaves: one that is no longer listed is removed from it, unless `others: keep`.",
    "absent takes the node profile away; with `others: keep` only these leaves leave it.",
  ],
  example: `
- name: Step 3 - Node profile with router IDs
  aci.node_profile:
    tenant: k8s
    l3out: calico
    name: anchors
    nodes:
      - { node_id: 201, router_id: 1.1.4.201 }
      - { node_id: 202, router_id: 1.1.4.202 }
`,
  desired: ({ args }) => {
    const dn = nodeProfileDn(args.tenant, args.l3out, args.name);
    const keep = args.others === "keep";
    const leafDn = (leaf: number) => `${dn}/rsnodeL3OutAtt-[${nodeDn(args.pod, leaf)}]`;
    if (args.state === "absent") {
      return keep
        ? args.nodes.map(({ node_id }) => absentMo("l3extRsNodeL3OutAtt", leafDn(node_id)))
        : [absentMo("l3extLNodeP", dn)];
    }
    return [
      mo("l3extLNodeP", dn, {}, keep ? [] : ["l3extRsNodeL3OutAtt"]),
      ...args.nodes.map((node) =>
        mo("l3extRsNodeL3OutAtt", leafDn(node.node_id), {
          rtrId: node.router_id,
          rtrIdLoopBack: false,
        }),
      ),
    ];
  },
});
