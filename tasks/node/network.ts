import { type Static, Type } from "#typebox";
import { failed, ok, type Result } from "../../runner/result.ts";
import { actionTask } from "../../runner/task-type.ts";
import { gatewayBefore } from "./gateway-before.ts";
import { changeGuarded, writeFiles } from "./guarded-change.ts";
import { planNetwork } from "./network-plan.ts";
import { readQuietNode } from "./read-node.ts";
import { unmet } from "./unmet.ts";
import { familyOf, inSubnet, vlanName, type WantedNetwork } from "./wanted-network.ts";

/** Seconds that a node has to take an unconfirmed change back, once its time is up. */
const TAKING_BACK = 15;

/** What the kernel and netplan both take as the name of a link. */
const LINK_NAME = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$";

const Arguments = Type.Object(
  {
    bond: Type.Optional(
      Type.String({
        pattern: LINK_NAME,
        description: "Name of the LACP bond (802.3ad, fast rate, layer3+4); without it the one interface is used as it is",
      }),
    ),
    interfaces: Type.Array(Type.String({ pattern: LINK_NAME }), {
      minItems: 1,
      uniqueItems: true,
      description: "Links to the leaves: the bond's members, or exactly one without a bond",
    }),
    vlan: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 4094, description: "VLAN tag of the SVI, when the leaf's port is a trunk" }),
    ),
    mtu: Type.Integer({
      minimum: 1280,
      maximum: 9216,
      default: 9000,
      description: "MTU in bytes of interfaces, bond and VLAN alike",
    }),
    addresses: Type.Array(Type.String({ format: "interface-address" }), {
      minItems: 1,
      maxItems: 2,
      description: "The node's address with prefix length; for dual stack one of each family",
    }),
    gateways: Type.Array(Type.String({ format: "ip" }), {
      minItems: 1,
      maxItems: 2,
      description: "Next hop of each family's default route: the SVI's secondary address",
    }),
    nameservers: Type.Array(Type.String({ format: "ip" }), { default: [], description: "DNS servers" }),
    timeout: Type.Integer({
      minimum: 10,
      maximum: 3600,
      default: 60,
      description:
        "Seconds within which the changed node must be reachable and confirmed; then it takes the change back by itself",
    }),
    require_gateway: Type.Boolean({
      default: true,
      description: "Confirm a change only if the gateway answers a ping from the node",
    }),
  },
  { additionalProperties: false },
);

/** Bond, VLAN, MTU, address and default route of a Kubernetes node (white paper, section on node connectivity), by netplan. */
export const nodeNetwork = actionTask({
  name: "node.network",
  summary: "LACP bond or single interface, MTU, address and default route of a node, by netplan",
  steps: [],
  on: "node",
  args: Arguments,
  notes: [
    "A change is confirmed only if the node can be reached after it at the address the inventory names, has what is wanted, every member of the bond is bundled, and the gateway answers; else the node takes it back by itself after `timeout` seconds, also when this program or its connection is gone.",
    "A change that a run left unconfirmed is waited for, until the node has taken it back: `timeout` and 15 seconds at most.",
    "When the node is already reached over the wanted address and VLAN, and the gateway does not answer, nothing is changed.",
    "Writes /etc/netplan/90-underlay.yaml. Other netplan files lose what they say about the same links; what they say about others stays. Every file that is replaced or removed is kept beside it as `.underlay-backup`.",
    "Where cloud-init is installed, /etc/cloud/cloud.cfg.d/99-underlay-network.cfg keeps it from configuring the network again at the next boot.",
    "Further addresses on the link, such as a cluster's virtual address, are left alone, but a change that is applied may remove them until their owner sets them again.",
    "Undo: node.restore_network, or by hand: put the `.underlay-backup` files back, remove the two files above, `netplan apply`.",
  ],
  example: `- name: Bond, address and default route
  node.network:
    bond: bond0
    interfaces: [eno1, eno2]
    vlan: 310
    mtu: 9000
    addresses: [192.168.2.1/24]
    gateways: [192.168.2.254]
`,
  warn: (args) => [
    ...(args.bond !== undefined && args.interfaces.length === 1
      ? [`bond ${args.bond} has one interface only: no link may fail`]
      : []),
    ...args.gateways.flatMap((gateway) =>
      args.addresses.some((address) => inSubnet(gateway, address))
        ? []
        : [`gateway ${gateway} is outside the subnet of ${args.addresses.join(" and ")}`],
    ),
  ],
  plan: async (reader, { args }) => {
    if (args.bond === undefined && args.interfaces.length > 1) {
      return failed({
        kind: "failed",
        doing: "node.network",
        message: `${args.interfaces.length} interfaces, but no bond to put them in`,
        next: "set `bond: bond0`, or name one interface",
      });
    }
    const families = oneOfEachFamily(args);
    if (!families.ok) return families;
    const wanted = wantedNetwork(args);
    const found = await readQuietNode(reader, wanted.gateways.map(familyOf), args.timeout + TAKING_BACK);
    if (!found.ok) return found;
    const planned = planNetwork(wanted, found.value);
    if (!planned.ok) return planned;
    const plan = planned.value;
    return ok({
      changes: plan.changes,
      apply: async (writer) => {
        if (!plan.touchesNetwork) return writeFiles(writer, plan.files);
        const before = args.require_gateway ? await gatewayBefore(reader, wanted, found.value.network) : ok(undefined);
        if (!before.ok) return before;
        return changeGuarded({
          reader,
          writer,
          plan,
          timeout: args.timeout,
          unmet: () => unmet(reader, wanted, args.require_gateway),
        });
      },
    });
  },
});

/** One address and one gateway of each family: netplan would take more, but which one a session starts from would be chance. */
function oneOfEachFamily({ addresses, gateways }: Static<typeof Arguments>): Result<void> {
  const wrong = ([4, 6] as const).find((family) => {
    const own = addresses.filter((address) => familyOf(address) === family).length;
    return own > 1 || gateways.filter((gateway) => familyOf(gateway) === family).length !== own;
  });
  if (wrong === undefined) return ok(undefined);
  return failed({
    kind: "failed",
    doing: "node.network",
    message: `addresses ${addresses.join(", ")} with gateways ${gateways.join(", ")}: each family needs one address and one gateway`,
    next: `correct the IPv${wrong} address or gateway`,
  });
}

function wantedNetwork(args: Static<typeof Arguments>): WantedNetwork {
  const lower = args.bond ?? args.interfaces[0] ?? "";
  return {
    members: args.interfaces,
    bond: args.bond,
    vlan: args.vlan === undefined ? undefined : { id: args.vlan, name: vlanName(lower, args.vlan) },
    mtu: args.mtu,
    addresses: args.addresses,
    gateways: args.gateways,
    nameservers: args.nameservers,
  };
}
