import type { LabLeaf } from "../spec.ts";
import { FAMILIES, type Family, familyOf, hostPrefix } from "./prefix.ts";
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

/** A session with its counters. */
interface Entry {
  readonly session: Routing["sessions"][number];
  readonly count: Routing["counts"][number];
  readonly peer: string;
}

/** `sys/bgp` of a leaf: sessions and their counters (aci-objects 6.1). A dynamic peer that never spoke has no entry. */
export function bgpObjects(routing: Routing, leaf: LabLeaf): Reported[] {
  const instance = `topology/pod-${leaf.pod}/node-${leaf.id}/sys/bgp/inst`;
  const entries = routing.sessions.flatMap((session, index): Entry[] => {
    const count = routing.counts[index];
    const isSeen = session.leafId === leaf.id && session.leafState !== undefined && count?.peer !== undefined;
    return isSeen ? [{ session, count, peer: count.peer }] : [];
  });
  return routing.vrfs
    .filter((one) => one.leafId === leaf.id)
    .flatMap(({ vrf }) => {
      const own = entries.filter(({ count }) => count.vrf === vrf);
      const established = own.filter(({ session }) => session.established).length;
      const domain = {
        className: "bgpDom",
        dn: `${instance}/dom-${vrf}`,
        attributes: { numPeers: String(own.length), numEstPeers: String(established) },
      };
      return [domain, ...own.flatMap((entry) => entryObjects(domain.dn, entry))];
    });
}

function entryObjects(domainDn: string, { session, count, peer }: Entry): Reported[] {
  const dn = `${domainDn}/peer-[${peer.includes("/") ? peer : hostPrefix(peer)}]/ent-[${session.nodeAddress}]`;
  const closed = session.leafState === "idle" && count.overLimit;
  const { keepalive = 60, hold = 180 } = count.domain ?? {};
  // The keepalive interval follows a hold time that the node made shorter (RFC 4271, section 4.4).
  const interval = count.hold < hold ? Math.floor(count.hold / 3) : keepalive;
  const type = `${familyOf(session.nodeAddress) ?? "ipv4"}-ucast`;
  return [
    {
      className: "bgpPeerEntry",
      dn,
      attributes: {
        addr: session.nodeAddress,
        operSt: session.leafState ?? "unknown",
        type: "ebgp",
        passwdSet: count.password ? "enabled" : "disabled",
        localIp: session.leafAddress,
        localPort: "179",
        holdIntvl: String(count.hold),
        kaIntvl: String(interval),
        connEst: session.established ? "1" : "0",
        shutStQual: closed ? "exceeded-pfxlimit" : "unspecified",
        ...(session.established ? { rtrId: familyOf(session.nodeAddress) === "ipv4" ? session.nodeAddress : "" } : {}),
      },
    },
    {
      className: "bgpPeerAfEntry",
      dn: `${dn}/af-${type}`,
      attributes: {
        type,
        acceptedPaths: String(session.established ? count.accepted : 0),
        pfxSent: String(session.established ? count.sent : 0),
        flags: count.overLimit ? "pfxlimit-exceeded" : "",
      },
    },
  ];
}

/** `sys/uribv4` or `sys/uribv6` of a leaf: routes and next hops (aci-objects 6.3). */
function routeObjects(routing: Routing, leaf: LabLeaf, family: Family): Reported[] {
  const rib = family === "ipv6" ? "uribv6" : "uribv4";
  const base = `topology/pod-${leaf.pod}/node-${leaf.id}/sys/${rib}`;
  const objects: Reported[] = [];
  const vrfs = new Set(routing.vrfs.filter((one) => one.leafId === leaf.id).map((one) => one.vrf));
  for (const vrf of vrfs) {
    objects.push({ className: `${rib}Dom`, dn: `${base}/dom-${vrf}`, attributes: { name: vrf } });
    objects.push({ className: `${rib}Db`, dn: `${base}/dom-${vrf}/db-rt`, attributes: { type: "rt" } });
  }
  for (const route of routing.routes) {
    if (route.leafId !== leaf.id || familyOf(route.prefix) !== family || !vrfs.has(route.tableVrf)) continue;
    const dn = `${base}/dom-${route.tableVrf}/db-rt/rt-[${route.prefix}]`;
    const prefixLength = route.prefix.split("/")[1] ?? "";
    objects.push({ className: `${rib}Route`, dn, attributes: { prefix: route.prefix, prefixLength } });
    for (const hop of route.nextHops) {
      const addr = hostPrefix(hop.address);
      objects.push({
        className: `${rib}Nexthop`,
        dn: `${dn}/nh-[${hop.owner}]-[${addr}]-[unspecified]-[${hop.vrf}]`,
        attributes: {
          addr,
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

/** `sys/arp` of a leaf: IPv4 addresses of the nodes that can be seen on its SVIs. */
export function arpObjects(routing: Routing, leaf: LabLeaf): Reported[] {
  const base = `topology/pod-${leaf.pod}/node-${leaf.id}/sys/arp/inst`;
  return routing.vrfs
    .filter((one) => one.leafId === leaf.id)
    .flatMap(({ vrf, neighbours }) =>
      neighbours
        .filter(({ address }) => familyOf(address) === "ipv4")
        .map(({ address, vlan }) => ({
          className: "arpAdjEp",
          dn: `${base}/dom-${vrf}/db-ip/adj-[${address}]`,
          attributes: { ip: address, mac: macFrom(address), ifId: `vlan${vlan}`, operSt: "normal" },
        })),
    );
}

/** The two routing tables of a leaf, each with the DN it lies below. */
export function ribObjects(
  routing: Routing,
  leaf: LabLeaf,
  sys: string,
): (readonly [dn: string, objects: readonly Reported[]])[] {
  return FAMILIES.map((family) => [`${sys}/${family === "ipv6" ? "uribv6" : "uribv4"}`, routeObjects(routing, leaf, family)]);
}
