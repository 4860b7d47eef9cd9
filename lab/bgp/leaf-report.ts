import type { LabLeaf } from "../spec.ts";
import type { Routing } from "./routing.ts";

/** An object as a switch reports it. */
export interface Reported {
  readonly className: string;
  readonly dn: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** MAC address that a node's adjacency shows; the model has no frames, so it is made from the address. */
function macFrom(address: string): string {
  const bytes = address.split(".").map((part) => Number(part).toString(16).padStart(2, "0"));
  return `02:00:${bytes.join(":")}`.toUpperCase();
}

/** `sys/bgp` of a leaf: sessions and their counters (aci-objects 6.1). A dynamic peer that never spoke has no entry. */
export function bgpObjects(routing: Routing, leaf: LabLeaf): Reported[] {
  const instance = `topology/pod-${leaf.pod}/node-${leaf.id}/sys/bgp/inst`;
  const objects = new Map<string, Reported>();
  const put = (className: string, dn: string, attributes: Reported["attributes"]) =>
    objects.set(dn, { className, dn, attributes });
  for (const { vrf, domain } of routing.vrfs.filter((one) => one.leafId === leaf.id)) {
    const sessions = routing.sessions.flatMap((session, index) => {
      const count = routing.counts[index];
      const seen =
        session.leafId === leaf.id && session.leafState !== undefined && count?.vrf === vrf && count.peer !== undefined;
      return seen ? [{ session, count, peer: count.peer }] : [];
    });
    const established = sessions.filter(({ session }) => session.established).length;
    put("bgpDom", `${instance}/dom-${vrf}`, { numPeers: String(sessions.length), numEstPeers: String(established) });
    for (const { session, count, peer } of sessions) {
      const entry = `${instance}/dom-${vrf}/peer-[${peer.includes("/") ? peer : `${peer}/32`}]/ent-[${session.nodeAddress}]`;
      const closed = session.leafState === "idle" && count.overLimit;
      put("bgpPeerEntry", entry, {
        addr: session.nodeAddress,
        operSt: session.leafState ?? "unknown",
        type: "ebgp",
        passwdSet: count.password ? "enabled" : "disabled",
        localIp: session.leafAddress,
        localPort: "179",
        holdIntvl: String(domain.hold),
        kaIntvl: String(domain.keepalive),
        connEst: session.established ? "1" : "0",
        shutStQual: closed ? "exceeded-pfxlimit" : "unspecified",
        ...(session.established ? { rtrId: session.nodeAddress } : {}),
      });
      put("bgpPeerAfEntry", `${entry}/af-ipv4-ucast`, {
        type: "ipv4-ucast",
        acceptedPaths: String(session.established ? count.accepted : 0),
        pfxSent: String(session.established ? count.sent : 0),
        flags: count.overLimit ? "pfxlimit-exceeded" : "",
      });
    }
  }
  return [...objects.values()];
}

/** `sys/uribv4` of a leaf: routes and next hops (aci-objects 6.3). */
export function routeObjects(routing: Routing, leaf: LabLeaf): Reported[] {
  const base = `topology/pod-${leaf.pod}/node-${leaf.id}/sys/uribv4`;
  const objects: Reported[] = [];
  const vrfs = new Set(routing.vrfs.filter((one) => one.leafId === leaf.id).map((one) => one.vrf));
  for (const vrf of vrfs) {
    objects.push({ className: "uribv4Dom", dn: `${base}/dom-${vrf}`, attributes: { name: vrf } });
    objects.push({ className: "uribv4Db", dn: `${base}/dom-${vrf}/db-rt`, attributes: { type: "rt" } });
  }
  for (const route of routing.routes.filter((one) => one.leafId === leaf.id && vrfs.has(one.tableVrf))) {
    const dn = `${base}/dom-${route.tableVrf}/db-rt/rt-[${route.prefix}]`;
    const prefixLength = route.prefix.split("/")[1] ?? "32";
    objects.push({ className: "uribv4Route", dn, attributes: { prefix: route.prefix, prefixLength } });
    for (const hop of route.nextHops) {
      objects.push({
        className: "uribv4Nexthop",
        dn: `${dn}/nh-[${hop.owner}]-[${hop.address}/32]-[unspecified]-[${hop.vrf}]`,
        attributes: {
          addr: `${hop.address}/32`,
          owner: hop.owner,
          if: "unspecified",
          vrf: hop.vrf,
          routeType: hop.routeType,
          pref: String(hop.preference),
          tag: String(hop.tag),
          active: "yes",
        },
      });
    }
  }
  return objects;
}

/** `sys/arp` of a leaf: the nodes that can be seen on its SVIs. */
export function arpObjects(routing: Routing, leaf: LabLeaf): Reported[] {
  const base = `topology/pod-${leaf.pod}/node-${leaf.id}/sys/arp/inst`;
  const objects = new Map<string, Reported>();
  for (const { vrf, neighbours } of routing.vrfs.filter((one) => one.leafId === leaf.id)) {
    for (const { address, vlan } of neighbours) {
      const dn = `${base}/dom-${vrf}/db-ip/adj-[${address}]`;
      const attributes = { ip: address, mac: macFrom(address), ifId: `vlan${vlan}`, operSt: "normal" };
      objects.set(dn, { className: "arpAdjEp", dn, attributes });
    }
  }
  return [...objects.values()];
}

/** A fault that follows from a session's state. */
export interface SessionFault {
  readonly dn: string;
  readonly code: string;
  readonly severity: string;
  readonly descr: string;
  readonly changeSet: string;
}

/** Faults of sessions: F0299 not established, F1214 shut, F1215 prefix limit exceeded (aci-objects 6.1). */
export function sessionFaults(entries: readonly Reported[]): SessionFault[] {
  const faults: SessionFault[] = [];
  for (const { className, dn, attributes } of entries) {
    if (className === "bgpPeerEntry" && attributes.operSt !== "established") {
      const closed = attributes.shutStQual === "exceeded-pfxlimit";
      const descr = closed
        ? "BGP peer is shut, maximum prefix limit exceeded"
        : `BGP peer is not established, current state ${attributes.operSt}`;
      faults.push({ dn, code: closed ? "F1214" : "F0299", severity: "major", descr, changeSet: `operSt:${attributes.operSt}` });
    }
    if (className === "bgpPeerAfEntry" && attributes.flags === "pfxlimit-exceeded") {
      const descr = "BGP peer has exceeded its maximum prefix limit";
      faults.push({ dn, code: "F1215", severity: "warning", descr, changeSet: `flags:${attributes.flags}` });
    }
  }
  return faults;
}
