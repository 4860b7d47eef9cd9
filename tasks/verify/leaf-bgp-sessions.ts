import { Type } from "#typebox";
import type { FoundObject } from "../../runner/connect/managed-object.ts";
import { ok } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { Asn, Name } from "../aci/arguments.ts";
import { stuckWithdrawn, WITHDRAWN_CAUSE } from "../cni/withdrawn.ts";
import { domainOf, ofClass, plainAddress } from "./leaf-objects.ts";
import { entryOf, isEstablished, readPeers } from "./leaf-peers.ts";
import { gatherEvidence, misconfigured, sessionCause } from "./leaf-session-causes.ts";

/** Proof from the fabric's side: every node of the rack has an Established session with this leaf. */
export const leafBgpSessions = probeTask({
  name: "verify.leaf_bgp_sessions",
  summary: "BGP sessions of a leaf with these nodes are Established",
  steps: [],
  on: "leaf",
  args: Type.Object(
    {
      tenant: Name("Tenant of the VRF (fvTenant.name)"),
      vrf: Name("VRF of the L3Out (fvCtx.name)"),
      peers: Type.Array(Type.String({ format: "ip" }), {
        uniqueItems: true,
        description:
          "Addresses of the nodes that must have a session (bgpPeerEntry.addr); none for a leaf whose nodes are still to come",
      }),
      asn: Asn,
      as_override: Type.Boolean({
        default: true,
        description: "Nodes share one AS, so the leaf must override it and not check it (bgpPeerAf.ctrl)",
      }),
      withdrawn: Type.Array(Type.String({ format: "ip" }), {
        default: [],
        description: "Addresses of nodes that were withdrawn, to name the cause (fact `withdrawn` of verify.nodes_ready)",
      }),
      timeout: Type.Integer({ minimum: 0, maximum: 3600, default: 60, description: "Seconds until all sessions are up" }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "Facts: sessions, a list of peer, state, accepted, sent, keepalive, hold.",
    "A node that never connected has no entry on the leaf at all; ARP then tells whether the leaf can see the node.",
  ],
  example: `
- name: BGP sessions with the nodes of the rack
  verify.leaf_bgp_sessions:
    tenant: k8s
    vrf: calico
    peers: [192.168.2.1, 192.168.2.4]
    asn: 65003
    timeout: 120
`,
  observe: async (reader, { args }) => {
    const domain = domainOf(args);
    const read = await readPeers(reader, domain);
    if (!read.ok) return read;
    const entries = ofClass(read.value, "bgpPeerEntry");
    const wanted = args.peers.map((peer) => ({ peer, entry: entryOf(peer, entries) }));
    const down = wanted.filter(({ entry }) => !isEstablished(entry));
    const withdrawn = new Set(args.withdrawn.map(plainAddress));
    const evidence = down.length === 0 ? undefined : await gatherEvidence(reader, domain, args.tenant, args.peers);
    const causes = down.map(({ peer, entry }) => {
      if (withdrawn.has(plainAddress(peer))) return `${peer}: ${WITHDRAWN_CAUSE}`;
      return `${peer}: ${sessionCause({ peer, entry, configured: read.value, asn: args.asn, evidence })}`;
    });
    const flags = args.as_override ? misconfigured(args.peers, read.value) : [];
    const unmet = [...causes, ...flags, ...(evidence?.faults ?? [])];
    return ok({
      ...stuckWithdrawn(unmet),
      facts: { sessions: wanted.map(({ peer, entry }) => sessionFacts(peer, entry)) },
      unmet,
      ...(wanted.length === 0 ? { warnings: [NO_NODES] } : {}),
      message: `${wanted.length - down.length} of ${wanted.length} sessions Established`,
    });
  },
});

const NO_NODES = "the inventory has no node at this leaf: no session is expected, and none was looked at";

function sessionFacts(peer: string, entry: FoundObject | undefined) {
  const families = entry === undefined ? [] : ofClass([entry], "bgpPeerAfEntry");
  const total = (property: string): number =>
    families.reduce((sum, { attributes }) => sum + Number(attributes[property] ?? 0), 0);
  return {
    peer,
    state: entry?.attributes.operSt ?? "absent",
    accepted: total("acceptedPaths"),
    sent: total("pfxSent"),
    keepalive: Number(entry?.attributes.kaIntvl ?? 0),
    hold: Number(entry?.attributes.holdIntvl ?? 0),
  };
}
