import { Type } from "#typebox";
import { absentMo, mo } from "../../runner/connect/managed-object.ts";
import { declareTask } from "../../runner/task-type.ts";
import {
  encapsulation,
  InterfaceAddress,
  InterfaceProfile,
  L3OutName,
  Name,
  NodeId,
  NodeProfile,
  Others,
  Pod,
  State,
  Tenant,
  Vlan,
} from "./arguments.ts";
import { anchorDn, interfaceProfileDn, physicalDomainDn } from "./names.ts";
import { existing } from "./objects.ts";

/** White paper step 4: a floating SVI. Every anchor leaf has its own address; the floating address is the same on all leaves. */
export const floatingSvi = declareTask({
  name: "aci.floating_svi",
  summary: "Floating SVI on the anchor leaves, physical domain",
  steps: [4],
  on: "apic",
  args: Type.Object(
    {
      tenant: Tenant,
      l3out: L3OutName,
      node_profile: NodeProfile,
      name: InterfaceProfile,
      physical_domain: Name("Physical domain of the leaves' node ports, which must exist (l3extRsDynPathAtt.tDn uni/phys-NAME)"),
      vlan: Vlan,
      ...encapsulation("l3extVirtualLIfP"),
      floating_address: InterfaceAddress(
        "Address that non-anchor leaves use, the same on every anchor (l3extRsDynPathAtt.floatingAddr)",
      ),
      pod: Pod,
      anchors: Type.Array(
        Type.Object(
          { node_id: NodeId, address: InterfaceAddress("Primary address of this leaf (l3extVirtualLIfP.addr)") },
          { additionalProperties: false },
        ),
        { minItems: 1, maxItems: 6, description: "The anchor leaves, at most 6 (paper, table 1)" },
      ),
      others: Others,
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "Needs ACI 5.0(1) or later. One address family for each interface profile; dual stack takes a second profile.",
    "The interface profile holds exactly these anchors on this VLAN: another VLAN, or an anchor that is no longer listed, is removed with its peers, unless `others: keep`.",
    "absent takes the interface profile away; with `others: keep` only these anchors, with their secondary addresses and peers.",
    "No static port binding is needed: the domain deploys the VLAN where a node shows up.",
  ],
  example: `
- name: Step 4 - Floating SVI on the anchor leaves
  aci.floating_svi:
    tenant: k8s
    l3out: calico
    node_profile: anchors
    name: floating-svi
    physical_domain: k8s-phys
    vlan: 310
    floating_address: 192.168.2.253/24
    anchors:
      - { node_id: 201, address: 192.168.2.201/24 }
      - { node_id: 202, address: 192.168.2.202/24 }
`,
  desired: ({ args }) => {
    const place = { ...args, interface_profile: args.name };
    const dn = interfaceProfileDn(place);
    const keep = args.others === "keep";
    if (args.state === "absent") {
      if (!keep) return [absentMo("l3extLIfP", dn)];
      return args.anchors.map(({ node_id }) => absentMo("l3extVirtualLIfP", anchorDn(place, node_id)));
    }
    const domain = physicalDomainDn(args.physical_domain);
    return [
      existing("physDomP", domain),
      mo("l3extLIfP", dn, {}, keep ? [] : ["l3extVirtualLIfP"]),
      ...args.anchors.flatMap((anchor) => {
        const svi = anchorDn(place, anchor.node_id);
        return [
          mo(
            "l3extVirtualLIfP",
            svi,
            { addr: anchor.address, ifInstT: "ext-svi", mtu: args.mtu, mode: args.mode, encapScope: args.encap_scope },
            ["l3extRsDynPathAtt"],
          ),
          mo("l3extRsDynPathAtt", `${svi}/rsdynPathAtt-[${domain}]`, {
            floatingAddr: args.floating_address,
          }),
        ];
      }),
    ];
  },
});
