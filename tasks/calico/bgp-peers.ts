import { Type } from "#typebox";
import type { ClusterResource, KubeObject } from "../../runner/connect/cluster.ts";
import { declareTask } from "../../runner/task-type.ts";
import { WITHDRAWN } from "../cni/withdrawn.ts";
import { State } from "../k8s/state.ts";
import { asnWarnings } from "./asn.ts";
import { bareAddress } from "./bare-address.ts";
import { FILTER, knowsSources, noReexport } from "./bgp-filter.ts";
import { MANAGED_BY } from "./managed-by.ts";
import { type PlannedPeer, plannedPeers } from "./peer-plan.ts";
import { Sessions } from "./sessions.ts";
import { refuseVersion } from "./version-argument.ts";

const API = "projectcalico.org/v3";

/** The BGPPeers that make the planned sessions: for the nodes of a leaf's rack, or for each node by itself. */
export const bgpPeers = declareTask({
  name: "calico.bgp_peers",
  summary: "BGPPeers for the leaves, by rack or by node",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      asn: Type.Integer({ minimum: 1, maximum: 4294967295, description: "AS of the fabric (BGPPeer.spec.asNumber)" }),
      sessions: Sessions,
      by: Type.Enum(["rack", "node"], {
        default: "rack",
        description: "rack: one BGPPeer for each leaf and family (floating SVI); node: one for each node too (standard SVI)",
      }),
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
      version: Type.Optional(Type.String({ minLength: 1, description: "Calico's version: before 3.27 there is no such filter" })),
      exclusive: Type.Boolean({ default: true, description: "Delete BGPPeers of ours that no session asks for" }),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    'By rack a BGPPeer is named for the leaf\'s node ID, as in the white paper ("201"), that of a second family with `-ipv6` behind it; by node `worker-1-201`.',
    "A node that is cabled to other leaves than the rest of its rack, or stands in none, gets BGPPeers of its own.",
    "A node with the label underlay/withdrawn has no peers, by rack as by node (calico.withdraw). Peers from before this rule get it at the next run: the nodes they select stay the same, so no session is reset.",
    "By node the label kubernetes.io/hostname chooses: it must be the node's name, as kubelet sets it.",
    "BGPPeers of ours carry the label app.kubernetes.io/managed-by: underlay; what was changed in them by hand is put back. Other peers are left alone. With `exclusive`, use one such task for a cluster.",
    "A node without the rack label has no peers and still looks Ready: verify.calico_sessions compares with the plan.",
    "The filter needs Calico 3.27 or later: 3.26 cannot tell the source of a route. With an older `version` it is left out; the leaves drop these routes anyway.",
    "No keepalive time is set: Calico does not scale it to the hold time that is negotiated, which the fabric decides.",
    "Where Calico's API is not served, calicoctl reads and writes them (variable cni.calicoctl); that was tried with a stand-in, not with the real program.",
  ],
  example: `- name: BGP peers, the leaves of the node's rack
  calico.bgp_peers:
    asn: 65002
    sessions: "{{ underlay.sessions }}"
    by: rack
    password: { secret: bgp-secrets, key: rr-password }`,
  warn: ({ asn, no_reexport: filtered, version }) => [
    ...asnWarnings(asn),
    ...(filtered && !knowsSources(version)
      ? [`Calico ${version} cannot filter by source (3.27 can): nodes pass a leaf's routes on, and the other leaf drops them`]
      : []),
  ],
  refuse: ({ version }) => refuseVersion(version),
  desired: ({ args }) => {
    const { state } = args;
    const filtered = args.no_reexport && knowsSources(args.version);
    const { password } = args;
    const common = {
      asNumber: args.asn,
      ...(password === undefined ? {} : { password: { secretKeyRef: { name: password.secret, key: password.key } } }),
      ...(filtered ? { filters: [FILTER] } : {}),
    };
    const peers = plannedPeers(args.sessions, args.by).map((peer): KubeObject => {
      return {
        apiVersion: API,
        kind: "BGPPeer",
        metadata: { name: peer.name, labels: MANAGED_BY },
        spec: { nodeSelector: selectorOf(peer, args.rack_label), peerIP: bareAddress(peer.address), ...common },
      };
    });
    // A filter goes after the peers that name it, and comes before them.
    const filters = filtered ? [noReexport] : [];
    const objects = state === "present" ? [...filters, ...peers] : [...peers, ...filters];
    return [
      ...objects.map((object): ClusterResource => ({ kind: "manifest", state, force: true, object })),
      ...(args.exclusive ? ["BGPPeer", "BGPFilter"] : []).map(
        (objectKind): ClusterResource => ({ kind: "exclusive", apiVersion: API, objectKind, labels: MANAGED_BY }),
      ),
    ];
  },
});

/**
 * Which nodes have the peer. Always by labels, never by `node`: calico.withdraw takes the peers from a node by a label, and a re-run of the
 * design playbook must not give them back.
 */
function selectorOf({ nodes }: PlannedPeer, label: string): string {
  return `${chosen(nodes, label)} && !has(${WITHDRAWN})`;
}

function chosen(nodes: PlannedPeer["nodes"], label: string): string {
  if (nodes.kind === "node") return `kubernetes.io/hostname == "${nodes.name}"`;
  const [rack, ...more] = nodes.racks;
  if (more.length === 0) return `${label} == "${rack}"`;
  return `${label} in { ${nodes.racks.map((name) => `"${name}"`).join(", ")} }`;
}
