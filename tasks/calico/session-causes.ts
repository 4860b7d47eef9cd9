import type { KubeObject } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { isWithdrawn, WITHDRAWN_CAUSE } from "../cni/withdrawn.ts";
import { bareAddress } from "./bare-address.ts";
import type { SessionComparison, WantedSession } from "./session-plan.ts";

/** What the cluster says about itself, to name the cause of a session that is missing. */
export interface ClusterEvidence {
  readonly nodes: readonly KubeObject[];
  /** undefined: the cluster does not serve BGPPeers. */
  readonly peers: readonly KubeObject[] | undefined;
  /** Label that names the rack. */
  readonly rackLabel: string;
}

/** One sentence for each thing that is not as planned, with its likely cause (facts: Calico section 1.7, lab section 6). */
export function reasonsOf(sessions: SessionComparison, evidence: ClusterEvidence | undefined): readonly string[] {
  const allDown = sessions.down.length > 1 && sessions.established === 0;
  return [
    ...sessions.silent.map((node) => `${node}: calico-node has not reported; is its pod running?`),
    ...sessions.notReady.map((node) => `${node}: BIRD is not ready`),
    ...sessions.missing.map(
      (session) =>
        `${session.node} to ${session.leaf} (${session.address}): no such peer on the node${causeOfMissing(session, evidence)}`,
    ),
    ...sessions.down.map(
      ({ session: { node, leaf, address }, state }) =>
        `${node} to ${leaf} (${address}): ${state}; ${causeOfState(state, allDown)}`,
    ),
    ...sessions.extra.map(({ node, peer }) =>
      peer.type === "NodeMesh"
        ? `${node} to ${peer.address}: a session of the node-to-node mesh, which should be off (calico.bgp_configuration)`
        : `${node} to ${peer.address}: a peer that is not a leaf of its rack; look for other BGPPeers or a wrong rack label`,
    ),
  ];
}

function causeOfMissing({ node, rack, address }: WantedSession, evidence: ClusterEvidence | undefined): string {
  if (evidence === undefined) return "";
  const { nodes, peers, rackLabel } = evidence;
  const found = nodes.find(({ metadata }) => metadata.name === node);
  if (found === undefined) return "; the cluster has no node of this name";
  if (isWithdrawn(found)) return `; ${WITHDRAWN_CAUSE}`;
  const own = peers?.filter(({ spec }) => isObject(spec) && bareAddress(String(spec.peerIP)) === address) ?? [];
  // With a standard SVI leaves may have the same address towards several nodes: the one that names this node is told about.
  const peer = own.find(({ spec }) => JSON.stringify(spec).includes(`\\"${node}\\"`)) ?? own[0];
  const spec = isObject(peer?.spec) ? peer.spec : {};
  const byName =
    (typeof spec.node === "string" && spec.node !== "") || !String(spec.nodeSelector ?? rackLabel).includes(rackLabel);
  const label = found.metadata.labels?.[rackLabel];
  // A peer that names its node needs no label.
  if (rack !== null && !byName && label === undefined) return `; the node lacks the label ${rackLabel}`;
  if (rack !== null && !byName && label !== rack) return `; the node's label ${rackLabel} is ${label}, not ${rack}`;
  if (peer === undefined) return "; there is no BGPPeer with this address (calico.bgp_peers)";
  const selected = typeof spec.node === "string" && spec.node !== "" ? `node ${spec.node}` : String(spec.nodeSelector ?? "all()");
  return `; BGPPeer ${peer.metadata.name} selects ${selected}; is calico-node up to date with it?`;
}

/** What a BGP state that does not pass usually means here. A wrong MD5 password is silent: TCP just does not come up. */
function causeOfState(state: string, everywhere: boolean): string {
  switch (state) {
    case "Idle":
      return "refused by one side: wrong AS number (asn of calico.bgp_configuration, calico.bgp_peers or aci.bgp_peer)?";
    case "Connect":
    case "Active":
      return everywhere
        ? "no session at all comes up: wrong BGP password, calico-node may not read its Secret, or the leaves have no peer for this subnet?"
        : "TCP does not come up: wrong BGP password or VLAN, no peer for this subnet on the leaf, or the node cannot reach the leaf?";
    case "OpenSent":
    case "OpenConfirm":
      return "TCP is up and BGP is being agreed on: wrong AS number, if it stays so?";
    default:
      return "look at birdcl show protocols in the node's calico-node pod";
  }
}
