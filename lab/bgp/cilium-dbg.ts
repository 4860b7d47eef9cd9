import { Address4, Address6 } from "ip-address";
import type { PodOutput } from "../parts.ts";
import type { AgentView, PeerView } from "./agent-view.ts";
import { type Family, familyOf, withoutLength } from "./prefix.ts";
import type { SessionTimes } from "./session-times.ts";
import { ofFamilies } from "./speaker.ts";

/**
 * `cilium-dbg bgp peers -o json` and `cilium-dbg bgp routes available|advertised FAMILY unicast [vrouter AS] [peer IP] -o json` in an agent's
 * pod (facts cni.md 3.4). Fields that are zero are left out.
 */
export function ciliumDbg(agents: readonly AgentView[], words: readonly string[], times: SessionTimes): PodOutput {
  const plain = words.filter(
    (word, index) => !word.startsWith("-") && words[index - 1] !== "-o" && words[index - 1] !== "--output",
  );
  const [area, what, ...rest] = plain;
  const isJson = words.some((word, index) => word === "-ojson" || word === "--output=json" || (word === "json" && index > 0));
  if (area !== "bgp" || !isJson) return failed(`Error: unknown command ${JSON.stringify(words.join(" "))} for "cilium-dbg"`);
  if (agents.length === 0) return failed("Error: cannot get peers list: BGP Control Plane disabled");
  if (what === "peers") return json(agents.flatMap((agent) => agent.peers.map((view) => peerJson(agent, view, times))));
  if (what === "routes") return routes(agents, rest, times);
  return failed(`Error: unknown command ${JSON.stringify(what ?? "")} for "cilium-dbg bgp"`);
}

function json(value: unknown): PodOutput {
  return { stdout: `${JSON.stringify(value, null, 2)}\n`, stderr: "", exitCode: 0 };
}

function failed(message: string): PodOutput {
  return { stdout: "", stderr: `${message}\n`, exitCode: 1 };
}

function peerJson({ speaker }: AgentView, { peer, session, count }: PeerView, times: SessionTimes): unknown {
  const up = session.established;
  const optional = {
    "uptime-nanoseconds": up ? (times.now.getTime() - times.since(session).getTime()) * 1_000_000 : 0,
    "applied-hold-time-seconds": up ? count.hold : 0,
    "applied-keep-alive-time-seconds": up ? Math.floor(count.hold / 3) : 0,
    "tcp-password-enabled": peer.password !== undefined,
  };
  return {
    "local-asn": speaker.asn,
    "peer-asn": peer.remoteAs,
    "peer-address": peer.address,
    "peer-port": peer.port,
    ...(peer.label === "" ? {} : { name: peer.label }),
    "session-state": (session.nodeState ?? "idle").toLowerCase(),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== 0 && value !== false)),
    "configured-hold-time-seconds": peer.hold,
    "graceful-restart": peer.restartTime === undefined ? {} : { enabled: true, "restart-time-seconds": peer.restartTime },
    families: peer.families.map((family) => {
      const isCarried = up && family === familyOf(peer.address);
      const counters = isCarried ? { received: count.sent, accepted: count.acceptedByNode, advertised: count.received } : {};
      const shown = Object.fromEntries(Object.entries(counters).filter(([, value]) => value !== 0));
      return { afi: family, safi: "unicast", ...shown };
    }),
  };
}

function routes(agents: readonly AgentView[], words: readonly string[], times: SessionTimes): PodOutput {
  const [table = "", afi = "ipv4"] = words;
  const family: Family = afi === "ipv6" ? "ipv6" : "ipv4";
  const value = (name: string) => (words.includes(name) ? words[words.indexOf(name) + 1] : undefined);
  const [asn, address] = [value("vrouter"), value("peer")];
  const chosen = agents.filter(({ speaker }) => asn === undefined || speaker.asn === Number(asn));
  if (table === "available") return json(chosen.flatMap((agent) => available(agent, family)));
  if (table !== "advertised") return failed(`Error: invalid argument ${JSON.stringify(table)}: use available or advertised`);
  const isAsked = ({ peer }: PeerView) => address === undefined || peer.address === withoutLength(address);
  return json(chosen.flatMap((agent) => agent.peers.filter(isAsked).flatMap((view) => advertised(agent, view, family, times))));
}

function available({ speaker }: AgentView, family: Family): unknown[] {
  const any = family === "ipv6" ? "::" : "0.0.0.0";
  return ofFamilies(speaker.originates, [family]).map((prefix) => ({
    "router-asn": speaker.asn,
    prefix,
    paths: [path(prefix, [], any, 0)],
  }));
}

function advertised({ speaker }: AgentView, { peer, session }: PeerView, family: Family, times: SessionTimes): unknown[] {
  if (!session.established || family !== familyOf(peer.address)) return [];
  const age = (times.now.getTime() - times.since(session).getTime()) * 1_000_000;
  return ofFamilies(peer.announces, [family]).map((prefix) => ({
    "router-asn": speaker.asn,
    prefix,
    neighbor: peer.address,
    paths: [path(prefix, [speaker.asn], session.nodeAddress, age)],
  }));
}

function path(prefix: string, asPath: readonly number[], nextHop: string, age: number): unknown {
  const nlri = nlriBytes(prefix);
  const attributes = [[0x40, 1, 1, 0], asPathBytes(asPath), nextHopBytes(nextHop, nlri)];
  return {
    best: true,
    ...(age === 0 ? {} : { "age-nanoseconds": age }),
    nlri: { base64: base64(nlri) },
    "path-attributes": attributes.map((bytes) => ({ base64: base64(bytes) })),
  };
}

function base64(bytes: readonly number[]): string {
  return Buffer.from(bytes).toString("base64");
}

function addressBytes(address: string): number[] {
  return familyOf(address) === "ipv6" ? new Address6(address).toUnsignedByteArray() : new Address4(address).toArray();
}

/** Prefix length and as many bytes as it needs (RFC 4271, section 4.3). */
function nlriBytes(prefix: string): number[] {
  const length = Number(prefix.split("/")[1]);
  const bytes = [...padded(addressBytes(withoutLength(prefix)), familyOf(prefix) ?? "ipv4")];
  return [length, ...bytes.slice(0, Math.ceil(length / 8))];
}

function padded(bytes: readonly number[], family: Family): readonly number[] {
  const missing = (family === "ipv6" ? 16 : 4) - bytes.length;
  return [...Array.from({ length: Math.max(0, missing) }, () => 0), ...bytes];
}

/** AS_PATH with one sequence of 4-byte numbers (RFC 6793); empty for the node's own. */
function asPathBytes(asns: readonly number[]): number[] {
  const numbers = asns.flatMap((asn) => [24, 16, 8, 0].map((shift) => (asn >>> shift) & 0xff));
  const segment = asns.length === 0 ? [] : [2, asns.length, ...numbers];
  return [0x40, 2, segment.length, ...segment];
}

/** NEXT_HOP for IPv4, MP_REACH_NLRI for IPv6 (RFC 4760). */
function nextHopBytes(nextHop: string, nlri: readonly number[]): number[] {
  const family = familyOf(nextHop) ?? "ipv4";
  const address = padded(addressBytes(nextHop), family);
  if (family === "ipv4") return [0x40, 3, 4, ...address];
  const value = [0, 2, 1, 16, ...address, 0, ...nlri];
  return [0x80, 14, value.length, ...value];
}
