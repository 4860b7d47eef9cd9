import { Type } from "#typebox";
import { absentMo, mo } from "../../runner/connect/managed-object.ts";
import { SecretText } from "../../runner/schema.ts";
import { declareTask } from "../../runner/task-type.ts";
import {
  Anchors,
  Asn,
  InterfaceProfile,
  L3OutName,
  Name,
  NodeProfile,
  Pod,
  Prefix,
  State,
  sviForms,
  Tenant,
  Vlan,
} from "./arguments.ts";
import { anchorDn } from "./names.ts";
import { Paths, pathDn } from "./svi-path.ts";

/**
 * White paper step 14. Floating SVI: the node subnet as dynamic eBGP neighbour of every anchor leaf; the leaves listen, the nodes
 * connect. Standard SVI: the node as neighbour on its path.
 */
export const bgpPeer = declareTask({
  name: "aci.bgp_peer",
  summary: "The nodes as eBGP peers of the leaves",
  steps: [14],
  on: "apic",
  args: Type.Object(
    {
      tenant: Tenant,
      l3out: L3OutName,
      node_profile: NodeProfile,
      interface_profile: InterfaceProfile,
      vlan: Type.Optional(Vlan),
      anchors: Type.Optional(Anchors),
      peer: Type.Optional(
        Type.Union([Prefix, Type.String({ format: "ip" })], {
          description: "Floating SVI: node subnet for dynamic neighbours, or one address (bgpPeerP.addr)",
        }),
      ),
      paths: Type.Optional(Paths),
      pod: Pod,
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
    { additionalProperties: false, forms: sviForms("peer") },
  ),
  notes: [
    "Either anchors, vlan and peer (floating SVI: the leaves listen for the node subnet), or paths (standard SVI: each names its peer, one object for both leaves of a vPC).",
    "The controller never returns the password, so a salted slow hash of it is kept in an annotation of the peer (underlay:password). A password that is changed by hand on the controller is not noticed; delete that annotation (tagAnnotation), and the next run sets it again.",
    "Without password the one that is set stays. Without prefix_policy the policy that is set stays.",
    "Peers with other addresses on the same interface or path stay: remove an old one with state absent.",
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
    const { anchors = [], peer = "", vlan = 0, paths = [] } = args;
    const dns = [
      ...anchors.map((anchor) => `${anchorDn({ ...args, vlan }, anchor)}/peerP-[${peer}]`),
      ...paths.map((path) => `${pathDn(args, path)}/peerP-[${path.peer}]`),
    ];
    return dns.flatMap((dn) => {
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
