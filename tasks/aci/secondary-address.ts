import { Type } from "typebox";
import { absentMo, mo } from "../../runner/connect/managed-object.ts";
import { declareTask } from "../../runner/task-type.ts";
import { Anchors, InterfaceAddress, InterfaceProfile, L3OutName, NodeProfile, Pod, State, Tenant, Vlan } from "./arguments.ts";
import { anchorDn } from "./names.ts";

/** White paper step 6: one address that all anchor leaves answer for with the same MAC. It is the nodes' default gateway. */
export const secondaryAddress = declareTask({
  name: "aci.secondary_address",
  summary: "Secondary address on every anchor leaf, the nodes' gateway",
  steps: [6],
  on: "apic",
  args: Type.Object(
    {
      tenant: Tenant,
      l3out: L3OutName,
      node_profile: NodeProfile,
      interface_profile: InterfaceProfile,
      vlan: Vlan,
      anchors: Anchors,
      pod: Pod,
      address: InterfaceAddress("Secondary address with prefix length, the same on every anchor (l3extIp.addr)"),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
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
  desired: ({ args }) =>
    args.anchors.map((anchor) => {
      const dn = `${anchorDn(args, anchor)}/addr-[${args.address}]`;
      if (args.state === "absent") return absentMo("l3extIp", dn);
      return mo("l3extIp", dn, args.address.includes(":") ? { ipv6Dad: "disabled" } : {});
    }),
});
