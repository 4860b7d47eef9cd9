import { Type } from "#typebox";
import { absentMo, mo } from "../../runner/connect/managed-object.ts";
import { declareTask } from "../../runner/task-type.ts";
import { encapsulation, InterfaceProfile, L3OutName, NodeProfile, Others, Pod, State, Tenant } from "./arguments.ts";
import { interfaceProfileDn } from "./names.ts";
import { Paths, pathDn, sidesOf } from "./svi-path.ts";

/** White paper step 5: a standard SVI. Every node has a path, a VLAN and a subnet of its own, with an address of each of its leaves. */
export const svi = declareTask({
  name: "aci.svi",
  summary: "Standard SVI on the path of every node",
  steps: [5],
  on: "apic",
  args: Type.Object(
    {
      tenant: Tenant,
      l3out: L3OutName,
      node_profile: NodeProfile,
      name: InterfaceProfile,
      ...encapsulation("l3extRsPathL3OutAtt"),
      pod: Pod,
      paths: Paths,
      others: Others,
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "A vPC has one path with two members: side A is the leaf with the lower node ID. A port channel or a port has its address on the path.",
    "The interface profile holds exactly these paths: others are removed with their peers, unless `others: keep`. One address family for each interface profile.",
    "absent takes the interface profile away; with `others: keep` only these paths, with their secondary addresses and peers.",
    "The leaves must be in the node profile. At most 12 border leaves for each L3Out (paper, ACI 5.2(7)).",
    "A path may be given before its ports exist: the fabric deploys it when the policy group is bound (aci.port).",
  ],
  example: `
- name: Step 5 - SVI on the path of every node
  aci.svi:
    tenant: k8s
    l3out: cilium
    node_profile: border-leaves
    name: svi
    paths:
      - node: node1
        type: vpc
        leaves: [101, 102]
        interface: k8s-node1
        vlan: 311
        addresses: [192.168.5.4/29, 192.168.5.5/29]
        secondary_address: 192.168.5.6/29
        peer: 192.168.5.1
`,
  warn: ({ paths }) => {
    const families = new Set(paths.flatMap(({ addresses }) => addresses.map((address) => address.includes(":"))));
    return families.size > 1
      ? ["the paths mix IPv4 and IPv6: an interface profile has one address family (facts: a path has one primary)"]
      : [];
  },
  desired: ({ args }) => {
    const place = { ...args, interface_profile: args.name };
    const dn = interfaceProfileDn(place);
    const keep = args.others === "keep";
    if (args.state === "absent") {
      if (!keep) return [absentMo("l3extLIfP", dn)];
      return args.paths.map((path) => absentMo("l3extRsPathL3OutAtt", pathDn(place, path)));
    }
    return [
      mo("l3extLIfP", dn, {}, keep ? [] : ["l3extRsPathL3OutAtt"]),
      ...args.paths.flatMap((path) => {
        const sides = sidesOf(place, path);
        const own = sides.find(({ side }) => side === undefined);
        return [
          mo(
            "l3extRsPathL3OutAtt",
            pathDn(place, path),
            {
              ifInstT: "ext-svi",
              encap: `vlan-${path.vlan}`,
              mtu: args.mtu,
              mode: args.mode,
              encapScope: args.encap_scope,
              ...(own === undefined ? {} : { addr: own.address }),
            },
            ["l3extMember"],
          ),
          ...sides.flatMap((side) => (side.side === undefined ? [] : [mo("l3extMember", side.dn, { addr: side.address })])),
        ];
      }),
    ];
  },
});
