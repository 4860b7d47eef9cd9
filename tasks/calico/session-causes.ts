import type { KubeObject } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { bareAddress } from "./bare-address.ts";
import type { SessionComparison } from "./session-plan.ts";

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
    ...sessions.leafless.map(({ name, rack }) => `${name}: no leaf in its rack ${rack}; correct rack_id in the inventory`),
    ...sessions.silent.map(({ name }) => `${name}: calico-node has not reported; is its pod running?`),
    ...sessions.notReady.map(({ name }) => `${name}: BIRD is not ready`),
    ...sessions.missing.map(
      ({ node, leaf }) =>
        `${node.name} to ${leaf.name} (${leaf.address}): no such peer on the node${causeOfMissing(node, leaf.address, evidence)}`,
    ),
    ...sessions.down.map(
      ({ node, leaf, state }) => `${node.name} to ${leaf.name} (${leaf.address}): ${state}; ${causeOfState(state, allDown)}`,
    ),
    ...sessions.extra.map(({ node, peer }) =>
      peer.type === "NodeMesh"
        ? `${node.name} to ${peer.address}: a session of the node-to-node mesh, which should be off (calico.bgp_configuration)`
        : `${node.name} to ${peer.address}: a peer that is not a leaf of its rack; look for other BGPPeers or a wrong rack label`,
    ),
  ];
}

function causeOfMissing(
  node: { readonly name: string; readonly rack: string },
  address: string,
  evidence: ClusterEvidence | undefined,
): string {
  if (evidence === undefined) return "";
  const { nodes, peers, rackLabel } = evidence;
  const found = nodes.find(({ metadata }) => metadata.name === node.name);
  const label = found?.metadata.labels?.[rackLabel];
  if (found === undefined) return "; the cluster has no node of this name";
  if (label === undefined) return `; the node lacks the label ${rackLabel}`;
  if (label !== node.rack) return `; the node's label ${rackLabel} is ${label}, not ${node.rack}`;
  const peer = peers?.find(({ spec }) => isObject(spec) && bareAddress(String(spec.peerIP)) === address);
  if (peer === undefined) return "; there is no BGPPeer with this address (calico.bgp_peers)";
  const selector = isObject(peer.spec) ? String(peer.spec.nodeSelector ?? "all()") : "";
  return `; BGPPeer ${peer.metadata.name} selects ${selector}; is calico-node up to date with it?`;
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
