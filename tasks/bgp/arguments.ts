import { type Static, Type } from "#typebox";
import { SecretText } from "../../runner/schema.ts";
import { InterfaceProfile, L3OutName, Name, NodeId, NodeProfile, Pod, Tenant, Vlan } from "../aci/arguments.ts";
import { Paths } from "../aci/svi-path.ts";
import { Session as CalicoSession } from "../calico/sessions.ts";
import { Sessions as RouterSessions } from "../kube-router/arguments.ts";

/** The shortest limit of the CNIs for a TCP MD5 password: BIRD's 80 characters, Linux' 80 bytes (facts cni.md 1.4). */
const LONGEST_PASSWORD = 80;

/** A family of the address plan, as far as its BGP peers on the fabric go; other keys are ignored. */
const FamilyPeers = Type.Object({
  interface_profile: InterfaceProfile,
  anchors: Type.Array(Type.Object({ node_id: NodeId }), { default: [], description: "Floating SVI: the anchor leaves" }),
  node_subnet: Type.Optional(Type.String({ format: "network", description: "Floating SVI: the peers' prefix (bgpPeerP.addr)" })),
  paths: Type.Array(Paths.items, { default: [], description: "Standard SVI: the path of each node" }),
});

export type FamilyPeers = Static<typeof FamilyPeers>;

/** Arguments of `bgp.rotate_password`. */
export const RotationArguments = Type.Object(
  {
    cni: Type.Enum(["calico", "kube-router", "cilium"], { description: "CNI of the cluster (cni.name)" }),
    apic: Type.String({ minLength: 1, description: "Inventory name of a controller: groups.apics | first" }),
    tenant: Tenant,
    vrf: Name("VRF of the L3Out (fvCtx.name): where the leaves are watched"),
    l3out: L3OutName,
    node_profile: NodeProfile,
    pod: Pod,
    vlan: Type.Optional(
      Type.Union([Vlan, Type.Null()], { description: "Floating SVI: its VLAN (l3out.vlan); null: a standard SVI" }),
    ),
    families: Type.Array(FamilyPeers, { minItems: 1, maxItems: 2, description: "underlay.families" }),
    sessions: Type.Array(Type.Intersect([CalicoSession, RouterSessions.items]), {
      minItems: 1,
      description: "Sessions that are up before and must be after: `underlay.sessions`",
    }),
    namespace: Type.String({
      minLength: 1,
      default: "kube-system",
      description: "Calico and Cilium: where the Secret is (cni.namespace)",
    }),
    secret: Type.Optional(Type.String({ minLength: 1, description: "Calico and Cilium: name of the Secret" })),
    key: Type.Optional(Type.String({ minLength: 1, description: "Calico: entry in the Secret" })),
    version: Type.String({ minLength: 1, description: "Release of the CNI (cni.version)" }),
    asn: Type.Integer({ minimum: 1, maximum: 4294967295, description: "AS of the fabric" }),
    from: SecretText({ description: "The password in force (bgp.password)", maxSecretBytes: LONGEST_PASSWORD }),
    to: SecretText({ description: "The one that takes its place (bgp.new_password)", maxSecretBytes: LONGEST_PASSWORD }),
    hold: Type.Integer({
      minimum: 3,
      maximum: 3600,
      description: "Hold time of the sessions, seconds (bgp.hold): as long do they live with two passwords",
    }),
    batch: Type.Enum(["node", "rack"], {
      default: "node",
      description: "kube-router with a standard SVI: whose pods are restarted at the same time",
    }),
    timeout: Type.Integer({
      minimum: 1,
      maximum: 3600,
      default: 120,
      description: "Seconds until all sessions are back, else the old password is put back",
    }),
    patience: Type.Integer({
      minimum: 1,
      maximum: 3600,
      default: 120,
      description: "Seconds for which a write is tried again while controllers or the Kubernetes API are out of service",
    }),
  },
  { additionalProperties: false },
);

export type RotationArguments = Static<typeof RotationArguments>;

/** A session that the rotation watches. */
export type RotatedSession = RotationArguments["sessions"][number];
