import { Type } from "#typebox";
import { absentMo, mo } from "../../runner/connect/managed-object.ts";
import { declareTask } from "../../runner/task-type.ts";
import {
  Anchors,
  InterfaceAddress,
  InterfaceProfile,
  L3OutName,
  NodeProfile,
  Pod,
  State,
  sviForms,
  Tenant,
  Vlan,
} from "./arguments.ts";
import { anchorDn } from "./names.ts";
import { Paths, sidesOf } from "./svi-path.ts";

/** White paper step 6: one address that all leaves of an SVI answer for with the same MAC. It is the nodes' default gateway. */
export const secondaryAddress = declareTask({
  name: "aci.secondary_address",
  summary: "Secondary address of the SVIs, the nodes' gateway",
  steps: [6],
  on: "apic",
  args: Type.Object(
    {
      tenant: Tenant,
      l3out: L3OutName,
      node_profile: NodeProfile,
      interface_profile: InterfaceProfile,
      vlan: Type.Optional(Vlan),
      anchors: Type.Optional(Anchors),
      address: Type.Optional(InterfaceAddress("Floating SVI: secondary address, the same on every anchor (l3extIp.addr)")),
      paths: Type.Optional(Paths),
      pod: Pod,
      state: State,
    },
    { additionalProperties: false, forms: sviForms("address") },
  ),
  notes: [
    "Either anchors, vlan and address (floating SVI), or paths (standard SVI), which name their secondary_address.",
    "Other secondary addresses stay: nodes may still use them as gateway. Remove an old one with state absent.",
    "Duplicate address detection is switched off for an IPv6 address: all leaves own it (l3extIp.ipv6Dad).",
  ],
  example: `
- name: Step 6 - Secondary address, the nodes' gateway
  aci.secondary_address:
    tenant: k8s
    l3out: calico
    node_profile: anchors
    interface_profile: floating-svi
    vlan: 310
    anchors: [201, 202]
    address: 192.168.2.254/24
`,
  desired: ({ args }) => {
    const { anchors = [], address = "", vlan = 0, paths = [] } = args;
    const places = [
      ...anchors.map((anchor) => ({ dn: anchorDn({ ...args, vlan }, anchor), address })),
      ...paths.flatMap((path) => sidesOf(args, path).map(({ dn }) => ({ dn, address: path.secondary_address }))),
    ];
    return places.map((place) => {
      const dn = `${place.dn}/addr-[${place.address}]`;
      if (args.state === "absent") return absentMo("l3extIp", dn);
      return mo("l3extIp", dn, place.address.includes(":") ? { ipv6Dad: "disabled" } : {});
    });
  },
});
