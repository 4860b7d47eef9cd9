import { type Static, Type } from "#typebox";
import { absentMo, absentUnlessUsed, type ManagedObject, mo } from "../../runner/connect/managed-object.ts";
import { declareTask } from "../../runner/task-type.ts";
import { Name, NodeId, Others, PortType, State } from "./arguments.ts";
import { policyGroupDn } from "./names.ts";
import { usedByDn } from "./uses.ts";

const NodePort = Type.Object(
  {
    node: Name("Node at the port; names the interface selector (infraHPortS.name)"),
    policy_group: Name("Policy group of the port (aci.interface_policy_group)"),
    type: PortType,
    leaves: Type.Array(NodeId, { minItems: 1, description: "Node IDs of the leaves" }),
    ports: Type.Array(Type.String({ pattern: "^[0-9]{1,3}/[0-9]{1,3}$" }), {
      minItems: 1,
      description: "Port on each of the leaves, in their order: 1/11",
    }),
  },
  { additionalProperties: false },
);

/** One port of one leaf. */
interface Port {
  readonly leaf: number;
  readonly card: string;
  readonly port: string;
  readonly node: string;
  readonly group: string;
}

/** Binds the ports that the nodes are cabled to, to their policy groups. */
export const port = declareTask({
  name: "aci.port",
  summary: "Ports of the nodes, bound to their policy groups",
  steps: [],
  on: "apic",
  args: Type.Object(
    {
      model: Type.Enum(["profiles", "port"], {
        default: "profiles",
        description:
          "profiles: switch and interface profiles with selectors; port: one object for each port, infraPortConfig, from ACI 5.2(7)",
      }),
      cluster: Name("Cluster; names the profiles, CLUSTER-leafID (infraAccPortP.name, infraNodeP.name)"),
      ports: Type.Array(NodePort, { description: "How the nodes are cabled, as underlay.ports has it" }),
      others: Others,
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "A vPC binds the same policy group on both leaves.",
    "profiles: every leaf has a profile of the cluster, which holds exactly these ports, unless `others: keep`. The profile of a leaf that is no longer listed stays; preflight.ports names it.",
    "A port that is bound by somebody else, or in the other model, is not looked for here: preflight.ports does.",
    "With `others: keep` absent takes only the selectors of these nodes away; a profile stays.",
    "absent leaves a profile, with a warning, that holds selectors or leaves of somebody else.",
  ],
  example: `
- name: Ports of every node
  aci.port:
    cluster: k8s
    ports:
      - { node: node1, policy_group: k8s-node1, type: vpc, leaves: [101, 102], ports: [1/11, 1/11] }
`,
  warn: ({ ports }) => [
    ...ports
      .filter(({ leaves, ports: own }) => leaves.length !== own.length)
      .map(({ node }) => `${node}: leaves and ports must be as many`),
    ...ports
      .filter(({ type, leaves }) => type === "vpc" && new Set(leaves).size !== 2)
      .map(({ node }) => `${node}: a vPC needs a port on two leaves`),
    ...ports
      .filter(
        (one, index) => one.type !== "port" && ports.findIndex(({ policy_group }) => policy_group === one.policy_group) !== index,
      )
      .map(({ node, policy_group }) => `${node}: policy group ${policy_group} is another node's: a bundle has one node`),
    ...portsOf(ports)
      .filter((one, index, all) => all.findIndex((other) => isSamePort(one, other)) !== index)
      .map(({ node, leaf, card, port: number }) => `${node}: port ${card}/${number} of leaf ${leaf} is listed twice`),
  ],
  desired: ({ args }) => {
    const ports = portsOf(args.ports);
    return args.model === "port"
      ? ports.map((one) => portConfig(one, args.state))
      : [...new Set(ports.map(({ leaf }) => leaf))].flatMap((leaf) =>
          profiles(
            `${args.cluster}-leaf${leaf}`,
            leaf,
            ports.filter((one) => one.leaf === leaf),
            args,
          ),
        );
  },
});

function portsOf(ports: readonly Static<typeof NodePort>[]): Port[] {
  return ports.flatMap(({ node, policy_group, type, leaves, ports: numbers }) =>
    leaves.flatMap((leaf, index) => {
      const [card, number] = numbers[index]?.split("/") ?? [];
      if (card === undefined || number === undefined) return [];
      return [{ leaf, card, port: number, node, group: policyGroupDn(type, policy_group) }];
    }),
  );
}

function isSamePort(one: Port, other: Port): boolean {
  return one.leaf === other.leaf && one.card === other.card && one.port === other.port;
}

function portConfig({ leaf, card, port: number, group }: Port, state: "present" | "absent"): ManagedObject {
  const dn = `uni/infra/portconfnode-${leaf}-card-${card}-port-${number}-sub-0`;
  return state === "absent" ? absentMo("infraPortConfig", dn) : mo("infraPortConfig", dn, { assocGrp: group, role: "leaf" });
}

/** Switch profile and interface profile of one leaf; they have the same name. */
function profiles(
  name: string,
  leaf: number,
  ports: readonly Port[],
  { state, others }: { readonly state: "present" | "absent"; readonly others: "remove" | "keep" },
): ManagedObject[] {
  const interfaces = `uni/infra/accportprof-${name}`;
  const switches = `uni/infra/nprof-${name}`;
  const selectors = [...new Set(ports.map(({ node }) => node))];
  const selectorDn = (node: string) => `${interfaces}/hports-${node}-typ-range`;
  if (state === "absent" && others === "keep") return selectors.map((node) => absentMo("infraHPortS", selectorDn(node)));
  if (state === "absent") {
    return [
      absentUnlessUsed("infraNodeP", switches, []),
      absentUnlessUsed("infraAccPortP", interfaces, [usedByDn("infraRsAccPortP", interfaces)]),
    ];
  }
  return [
    mo("infraAccPortP", interfaces, {}, others === "keep" ? [] : ["infraHPortS"]),
    ...selectors.flatMap((node) => {
      const dn = selectorDn(node);
      const own = ports.filter((one) => one.node === node);
      const group = own[0]?.group ?? "";
      return [
        mo("infraHPortS", dn, {}, ["infraPortBlk"]),
        ...own.map(({ card, port: number }, index) =>
          mo("infraPortBlk", `${dn}/portblk-block${index + 1}`, {
            fromCard: card,
            toCard: card,
            fromPort: number,
            toPort: number,
          }),
        ),
        mo("infraRsAccBaseGrp", `${dn}/rsaccBaseGrp`, { tDn: group }),
      ];
    }),
    mo("infraNodeP", switches),
    mo("infraLeafS", `${switches}/leaves-leaf${leaf}-typ-range`),
    mo("infraNodeBlk", `${switches}/leaves-leaf${leaf}-typ-range/nodeblk-block1`, { from_: leaf, to_: leaf }),
    mo("infraRsAccPortP", `${switches}/rsaccPortP-[${interfaces}]`),
  ];
}
