import { Type } from "typebox";
import type { ClusterResource, Manifest } from "../../runner/connect/cluster.ts";
import { declareTask } from "../../runner/task-type.ts";
import { bareAddress } from "./bare-address.ts";
import { asnWarnings } from "./bgp-configuration.ts";
import { MANAGED_BY } from "./managed-by.ts";

const API = "projectcalico.org/v3";

/** Name of the BGPFilter against re-export. */
const FILTER = "underlay-no-reexport";

const Leaf = Type.Object(
  {
    node_id: Type.Integer({ minimum: 1, maximum: 4000, description: "Leaf's node ID; names the BGPPeer" }),
    rack_id: Type.Union([Type.Integer(), Type.String({ minLength: 1 })]),
    address: Type.String({ format: "interface-address", description: "Leaf's address on the SVI, with prefix length" }),
  },
  { additionalProperties: false },
);

/** One BGPPeer for each leaf, for the nodes of its rack. */
export const bgpPeers = declareTask({
  name: "calico.bgp_peers",
  summary: "One BGPPeer for each leaf, for the nodes of its rack",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      asn: Type.Integer({ minimum: 1, maximum: 4294967295, description: "AS of the fabric (BGPPeer.spec.asNumber)" }),
      leaves: Type.Array(Leaf, { minItems: 1 }),
      rack_label: Type.String({ minLength: 1, default: "rack_id", description: "Node label that names the rack" }),
      password: Type.Optional(
        Type.Object(
          { secret: Type.String({ minLength: 1 }), key: Type.String({ minLength: 1 }) },
          { additionalProperties: false, description: "Secret in calico-node's namespace (calico.bgp_password)" },
        ),
      ),
      no_reexport: Type.Boolean({
        default: true,
        description: "A BGPFilter keeps nodes from passing one leaf's routes to another",
      }),
      exclusive: Type.Boolean({ default: true, description: "Delete BGPPeers of ours for leaves that are not listed" }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "BGPPeers of ours carry the label app.kubernetes.io/managed-by: underlay; what was changed in them by hand is put back. Other peers are left alone. With `exclusive`, use one such task for a cluster.",
    "A node without the rack label has no peers and still looks Ready: verify.calico_sessions compares with the plan.",
    "The filter needs Calico 3.27 or later: 3.26 cannot tell the source of a route. Say `no_reexport: false` there.",
    "No keepalive time is set: Calico does not scale it to the hold time that is negotiated, which the fabric decides.",
  ],
  example: `- name: BGP peers, one for each leaf of the node's rack
  calico.bgp_peers:
    asn: 65002
    leaves:
      - { node_id: 201, rack_id: 1, address: 192.168.2.201/24 }
    password: { secret: bgp-secrets, key: rr-password }`,
  warn: ({ asn, leaves }) => [...asnWarnings(asn), ...duplicates(leaves.map(({ node_id: id }) => String(id)))],
  desired: ({ args }) => {
    const exclusive = ["BGPPeer", "BGPFilter"].map(
      (objectKind): ClusterResource => ({ kind: "exclusive", apiVersion: API, objectKind, labels: MANAGED_BY }),
    );
    return [
      ...(args.no_reexport ? [filter] : []),
      ...args.leaves.map(
        (leaf): Manifest => ({
          kind: "manifest",
          state: "present",
          force: true,
          object: {
            apiVersion: API,
            kind: "BGPPeer",
            metadata: { name: String(leaf.node_id), labels: MANAGED_BY },
            spec: {
              nodeSelector: `${args.rack_label} == "${leaf.rack_id}"`,
              peerIP: bareAddress(leaf.address),
              asNumber: args.asn,
              ...(args.password === undefined
                ? {}
                : { password: { secretKeyRef: { name: args.password.secret, key: args.password.key } } }),
              ...(args.no_reexport ? { filters: [FILTER] } : {}),
            },
          },
        }),
      ),
      ...(args.exclusive ? exclusive : []),
    ];
  },
});

/**
 * Calico passes a leaf's routes within its pools on to the other leaf, with the path `65003 65002 65002`. The fabric drops them; better
 * never to send them.
 */
const filter: Manifest = {
  kind: "manifest",
  state: "present",
  force: true,
  object: {
    apiVersion: API,
    kind: "BGPFilter",
    metadata: { name: FILTER, labels: MANAGED_BY },
    spec: {
      exportV4: [{ action: "Reject", source: "RemotePeers" }],
      exportV6: [{ action: "Reject", source: "RemotePeers" }],
    },
  },
};

function duplicates(names: readonly string[]): readonly string[] {
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [...new Set(twice)].map((name) => `leaf ${name} is listed twice: the later entry wins`);
}
