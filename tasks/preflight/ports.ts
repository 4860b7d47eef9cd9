import { type Static, Type } from "typebox";
import type { ApicReader } from "../../runner/connect/managed-object.ts";
import { ok } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { Name, NodeId, PortType, Vlan } from "../aci/arguments.ts";
import { policyGroupDn, vlanPoolDn } from "../aci/names.ts";
import { messages } from "./finding.ts";
import { gatherPorts } from "./port-evidence.ts";
import { judgePorts, type PortsWish } from "./port-rules.ts";

const NodePort = Type.Object(
  {
    node: Name("Node at the port"),
    policy_group: Name("Policy group of the port"),
    type: PortType,
    leaves: Type.Array(NodeId, { description: "Node IDs of the leaves" }),
    ports: Type.Array(Type.String(), { description: "Port on each of the leaves, in their order: 1/11" }),
  },
  { additionalProperties: false },
);

const Args = Type.Object(
  {
    model: Type.Enum(["profiles", "port"], { default: "profiles", description: "How this run configures ports" }),
    cluster: Name("Cluster; names the profiles, CLUSTER-leafID"),
    ports: Type.Array(NodePort, { description: "How the nodes are cabled, as underlay.ports has it" }),
    vlan_pool: Name("Static VLAN pool that this run makes or adds to (fvnsVlanInstP.name)"),
    vlans: Type.Object({ from: Vlan, to: Vlan }, { additionalProperties: false, description: "Range that it puts there" }),
  },
  { additionalProperties: false },
);

/** Access policies: a port, a VLAN range or a leaf profile that somebody else has already. */
export const preflightPorts = probeTask({
  name: "preflight.ports",
  summary: "Whether the nodes' ports and VLANs are free to be configured",
  steps: [],
  on: "apic",
  args: Args,
  notes: [
    "Errors stop the run before anything is changed: a port that is bound by somebody else, or in the other model; a range that overlaps another one of the pool, which the controller would refuse.",
    "Warnings: a profile of the cluster for a leaf that has no port in the inventory any more.",
  ],
  example: `- name: Ports and VLANs are free
  preflight.ports:
    cluster: k8s
    ports:
      - { node: node1, policy_group: k8s-node1, type: vpc, leaves: [101, 102], ports: [1/11, 1/11] }
    vlan_pool: k8s
    vlans: { from: 310, to: 339 }`,
  observe: async (reader: ApicReader, { args }) => {
    const found = await gatherPorts(reader, vlanPoolDn(args.vlan_pool));
    if (!found.ok) return found;
    const wish = wishOf(args);
    const findings = judgePorts(wish, found.value);
    return ok({
      facts: {},
      unmet: messages(findings, "error"),
      warnings: messages(findings, "warning"),
      message: `${wish.ports.length} ports are free or bound as they should be`,
    });
  },
});

function wishOf({ model, cluster, ports, vlan_pool, vlans }: Static<typeof Args>): PortsWish {
  const each = ports.flatMap(({ node, policy_group, type, leaves, ports: numbers }) =>
    leaves.flatMap((leaf, index) => {
      const [card, port] = (numbers[index] ?? "").split("/").map(Number);
      if (card === undefined || port === undefined) return [];
      return [{ node, leaf, card, port, group: policyGroupDn(type, policy_group) }];
    }),
  );
  return { model, cluster, ports: each, pool: vlanPoolDn(vlan_pool), vlans };
}
