import { Type } from "typebox";
import { absentMo, mo } from "../../runner/connect/managed-object.ts";
import { SecretText } from "../../runner/schema.ts";
import { declareTask } from "../../runner/task-type.ts";
import { Anchors, Asn, InterfaceProfile, L3OutName, Name, NodeProfile, Pod, Prefix, State, Tenant, Vlan } from "./arguments.ts";
import { anchorDn } from "./names.ts";

/** White paper step 14: the node subnet as dynamic eBGP neighbour of every anchor leaf. The leaves listen, the nodes connect. */
export const bgpPeer = declareTask({
  name: "aci.bgp_peer",
  summary: "The node subnet as eBGP peer on every anchor leaf",
  steps: [14],
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
      peer: Type.Union([Prefix, Type.String({ format: "ip" })], {
        description: "Node subnet for dynamic neighbours, or one address (bgpPeerP.addr)",
      }),
      asn: Asn,
      as_override: Type.Boolean({
        default: true,
        description:
          "Replace the cluster's AS with the fabric's, so that nodes accept each other's routes (bgpPeerP.ctrl as-override)",
      }),
      disable_peer_as_check: Type.Boolean({
        default: true,
        description: "Announce routes to a peer whose AS is already in their path (bgpPeerP.ctrl dis-peer-as-check)",
      }),
      password: Type.Optional(
        SecretText({ description: "TCP MD5 password of the sessions, the same on the nodes (bgpPeerP.password)" }),
      ),
      prefix_policy: Type.Optional(Name("Prefix limit of step 13 (bgpRsPeerPfxPol.tnBgpPeerPfxPolName)")),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "The controller never returns the password, so a salted slow hash of it is kept in an annotation of the peer (underlay:password). A password that is changed by hand on the controller is not noticed.",
    "Without password the one that is set stays. Without prefix_policy the policy that is set stays.",
    "Peers with other addresses on the same interface stay.",
  ],
  example: `
- name: Step 14 - BGP peers, the node subnet on every anchor
  aci.bgp_peer:
    tenant: k8s
    l3out: calico
    node_profile: anchors
    interface_profile: floating-svi
    vlan: 310
    anchors: [201, 202]
    peer: 192.168.2.0/24
    asn: 65003
    password: "{{ bgp.password }}"
    prefix_policy: calico-prefixes
`,
  desired: ({ args }) => {
    const ctrl = [...(args.as_override ? ["as-override"] : []), ...(args.disable_peer_as_check ? ["dis-peer-as-check"] : [])];
    return args.anchors.flatMap((anchor) => {
      const dn = `${anchorDn(args, anchor)}/peerP-[${args.peer}]`;
      if (args.state === "absent") return [absentMo("bgpPeerP", dn)];
      return [
        mo("bgpPeerP", dn, { ctrl, ...(args.password === undefined ? {} : { password: args.password }) }),
        mo("bgpAsP", `${dn}/as`, { asn: args.asn }),
        ...(args.prefix_policy === undefined
          ? []
          : [mo("bgpRsPeerPfxPol", `${dn}/rspeerPfxPol`, { tnBgpPeerPfxPolName: args.prefix_policy })]),
      ];
    });
  },
});
