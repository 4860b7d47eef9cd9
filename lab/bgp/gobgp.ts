import type { PodOutput } from "../parts.ts";
import type { AgentView, PeerView } from "./agent-view.ts";
import { type SentRoute, senderOf } from "./export-routes.ts";
import type { NeighbourSwitches } from "./neighbour-switches.ts";
import { type Family, familyOf, withoutLength } from "./prefix.ts";
import type { Routing } from "./routing.ts";
import type { SessionTimes } from "./session-times.ts";
import { isAtLeast, ofFamilies, type Speaker } from "./speaker.ts";

/** Numbers of the session states in GoBGP's API. */
const STATES: Readonly<Record<string, number>> = { Idle: 1, Connect: 2, Active: 3, OpenSent: 4, OpenConfirm: 5, Established: 6 };
const AFI: Readonly<Record<Family, number>> = { ipv4: 1, ipv6: 2 };
const UNICAST = 1;

/**
 * GoBGP's client in a kube-router pod: `gobgp neighbor -j`, `gobgp neighbor IP [adj-in|adj-out] -j`, `gobgp neighbor IP disable|enable`
 * and `gobgp global rib -j`, with `-a ipv6` for the other family. JSON of Go structs: zero values are left out, enums are numbers (facts
 * cni.md 2.5).
 */
export function gobgp(
  routing: Routing,
  agent: AgentView | undefined,
  words: readonly string[],
  times: SessionTimes,
  switches: Pick<NeighbourSwitches, "turn">,
): PodOutput {
  const { plain, family } = readWords(words);
  if (agent === undefined) return failed("rpc error: code = Unavailable desc = connection refused");
  const [what = "", name, table] = plain;
  if (["neighbor", "neighbors", "n"].includes(what)) {
    if (name === undefined) return json(agent.peers.map((view) => neighbour(agent.speaker, view, times, false)));
    const view = agent.peers.find(({ peer }) => peer.address === withoutLength(name));
    if (view === undefined) return failed(`not found neighbor ${name}`);
    if (table === undefined) return json(neighbour(agent.speaker, view, times, true));
    if (table === "disable" || table === "enable") {
      switches.turn(agent.speaker, view.peer.address, table === "disable" ? "off" : "on");
      return { stdout: "", stderr: "", exitCode: 0 };
    }
    if (table !== "adj-in" && table !== "adj-out") return failed(`unknown command "${table}"`);
    if (!view.session.established) return failed(`neighbor ${name}'s BGP session is not established`);
    const own = family ?? familyOf(view.peer.address) ?? "ipv4";
    return json(table === "adj-in" ? received(routing, agent.speaker, view, own, times) : sent(agent.speaker, view, own, times));
  }
  if (what === "global" && name === "rib") return json(globalRib(routing, agent, family ?? "ipv4", times));
  return failed(`unknown command ${JSON.stringify(plain.join(" "))} for "gobgp"`);
}

function readWords(words: readonly string[]): { readonly plain: readonly string[]; readonly family: Family | undefined } {
  const plain: string[] = [];
  let family: Family | undefined;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (word === "-a" || word === "--address-family") {
      index += 1;
      family = (words[index] ?? "").includes("6") ? "ipv6" : "ipv4";
    } else if (!word.startsWith("-")) plain.push(word);
  }
  return { plain, family };
}

function json(value: unknown): PodOutput {
  return { stdout: `${JSON.stringify(value)}\n`, stderr: "", exitCode: 0 };
}

function failed(error: string): PodOutput {
  return { stdout: `${JSON.stringify({ error })}\n`, stderr: "", exitCode: 1 };
}

/** Leaves out what Go leaves out. */
function present(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const isZero = (value: unknown) => value === undefined || value === 0 || value === "" || value === false;
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isZero(value)));
}

function neighbour(speaker: Speaker, { peer, session, count }: PeerView, times: SessionTimes, single: boolean): unknown {
  const up = session.established;
  const common = { neighbor_address: peer.address, peer_asn: peer.remoteAs, local_asn: speaker.asn };
  const seconds = Math.floor((times.now.getTime() - times.since(session).getTime()) / 1000);
  return {
    apply_policy: {},
    conf: present({ ...common, auth_password: peer.password, type: 1 }),
    state: present({
      ...common,
      session_state: STATES[session.nodeState ?? "Idle"],
      admin_state: peer.adminDown ? 1 : 0,
      type: 1,
    }),
    timers: {
      config: present({ hold_time: peer.hold, keepalive_interval: Math.floor(peer.hold / 3) }),
      state: up
        ? { negotiated_hold_time: count.hold, keepalive_interval: Math.floor(count.hold / 3), uptime: present({ seconds }) }
        : {},
    },
    transport: present({ local_address: peer.source ?? "", remote_port: peer.port }),
    afi_safis: peer.families.map((family) => {
      const isCarried = up && family === familyOf(peer.address);
      const name = { afi: AFI[family], safi: UNICAST };
      const counters = isCarried
        ? { received: count.sent, accepted: count.acceptedByNode, advertised: single ? count.received : 0 }
        : {};
      return { config: { family: name, enabled: true }, state: { family: name, enabled: true, ...present(counters) } };
    }),
    ...(peer.restartTime === undefined ? {} : { graceful_restart: { enabled: true, restart_time: peer.restartTime } }),
  };
}

interface Path {
  readonly prefix: string;
  readonly asPath: readonly number[];
  readonly nextHop: string;
  readonly best: boolean;
  /** Neighbour it came from; undefined: the node's own. */
  readonly from: string | undefined;
  readonly since: Date;
}

function pathJson(speaker: Speaker, path: Path): unknown {
  // GoBGP 4, which kube-router has from 2.7 on, calls the source by other names.
  const [id, address] = isAtLeast(speaker.version, 2, 7) ? ["peer-id", "peer-address"] : ["source-id", "neighbor-ip"];
  const source = path.from === undefined ? {} : { [id]: path.from, [address]: path.from };
  const asns = path.asPath.length === 0 ? [] : [asPathAttribute(path.asPath)];
  return {
    nlri: { prefix: path.prefix },
    age: Math.floor(path.since.getTime() / 1000),
    ...present({ best: path.best }),
    attrs: [{ type: 1, value: 0 }, ...asns, { type: 3, nexthop: path.nextHop }],
    ...source,
  };
}

function asPathAttribute(asns: readonly number[]): unknown {
  return { type: 2, as_paths: [{ segment_type: 2, num: asns.length, asns }] };
}

function byPrefix(speaker: Speaker, paths: readonly Path[]): Record<string, unknown[]> {
  const table: Record<string, unknown[]> = {};
  for (const path of paths) table[path.prefix] = [...(table[path.prefix] ?? []), pathJson(speaker, path)];
  return table;
}

function sentByLeaf(routing: Routing, { session }: PeerView, family: Family): readonly SentRoute[] {
  return senderOf(routing.tables)(session).filter(({ prefix }) => familyOf(prefix) === family);
}

/** Everything the leaf sent, also what the import policy left out. */
function received(routing: Routing, speaker: Speaker, view: PeerView, family: Family, times: SessionTimes): unknown {
  const since = times.since(view.session);
  const paths = sentByLeaf(routing, view, family).map(({ prefix, asPath, gateway }) => ({
    prefix,
    asPath,
    nextHop: gateway,
    best: false,
    from: view.peer.address,
    since,
  }));
  return byPrefix(speaker, paths);
}

function sent(speaker: Speaker, { peer, session }: PeerView, family: Family, times: SessionTimes): unknown {
  const prefixes = family === familyOf(peer.address) ? ofFamilies(peer.announces, [family]) : [];
  const common = { asPath: [speaker.asn], nextHop: session.nodeAddress, best: false, from: undefined };
  return byPrefix(
    speaker,
    prefixes.map((prefix) => ({ ...common, prefix, since: times.since(session) })),
  );
}

/** The node's own routes, and what it took from the leaves with the first path as the best one. */
function globalRib(routing: Routing, { speaker, peers }: AgentView, family: Family, times: SessionTimes): unknown {
  const nextHop = ofFamilies(speaker.addresses, [family])[0] ?? "";
  const own = ofFamilies(speaker.originates, [family]).map((prefix) => ({
    prefix,
    asPath: [],
    nextHop,
    best: true,
    from: undefined,
    since: times.now,
  }));
  const taken = new Set(own.map(({ prefix }) => prefix));
  const learned: Path[] = [];
  for (const view of peers) {
    for (const { prefix, asPath, gateway, refusal } of sentByLeaf(routing, view, family)) {
      if (refusal !== undefined) continue;
      const best = !taken.has(prefix);
      taken.add(prefix);
      learned.push({ prefix, asPath, nextHop: gateway, best, from: view.peer.address, since: times.since(view.session) });
    }
  }
  return byPrefix(speaker, [...own, ...learned]);
}
