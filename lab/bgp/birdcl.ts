import type { PodOutput } from "../parts.ts";
import type { AgentView, PeerView } from "./agent-view.ts";
import { filtered } from "./calico-filter.ts";
import { type SentRoute, senderOf } from "./export-routes.ts";
import { type Family, familyOf } from "./prefix.ts";
import type { Routing } from "./routing.ts";
import type { SessionTimes } from "./session-times.ts";
import { ofFamilies, type Speaker } from "./speaker.ts";

const BANNER = "BIRD v0.3.3+birdv1.6.8 ready.";

/**
 * BIRD's client in a calico-node pod, one for each family: `show protocols [all [NAME]]`, `show route protocol NAME` and
 * `show route export NAME` (facts cni.md 1.7).
 */
export function birdcl(
  routing: Routing,
  agent: AgentView | undefined,
  asked: Family,
  words: readonly string[],
  times: SessionTimes,
): PodOutput {
  const family = words.some((word) => word.endsWith("bird6.ctl")) ? "ipv6" : asked;
  const isRunning = agent !== undefined && ofFamilies(agent.speaker.addresses, [family]).length > 0;
  const socket = `/var/run/calico/bird${family === "ipv6" ? "6" : ""}.ctl`;
  if (!isRunning)
    return { stdout: "", stderr: `Unable to connect to server control socket (${socket}): No such file\n`, exitCode: 1 };
  const peers = agent.peers.filter(({ peer }) => familyOf(peer.address) === family);
  const [verb, what, ...rest] = words.filter((word, index) => word !== "-s" && words[index - 1] !== "-s");
  if (verb !== "show" || (what !== "protocols" && what !== "route")) return text(["syntax error, unexpected CF_SYM_UNDEFINED"]);
  if (what === "protocols") return text(protocols(routing, agent.speaker, peers, rest, times));
  const view = peers.find((one) => nameOf(one) === rest[1]);
  if (view === undefined) return text(["syntax error, unexpected CF_SYM_UNDEFINED"]);
  return text(rest[0] === "export" ? exported(view) : imported(routing, view, times));
}

function text(lines: readonly string[]): PodOutput {
  return { stdout: `${[BANNER, ...lines].join("\n")}\n`, stderr: "", exitCode: 0 };
}

/** `Node_192_168_2_201`; a peer of all nodes is `Global_…`. */
function nameOf({ peer }: PeerView): string {
  const port = peer.port === 179 ? "" : `_port_${peer.port}`;
  return `${peer.label === "GlobalPeer" ? "Global" : "Node"}_${peer.address.replaceAll(/[.:]/g, "_")}${port}`;
}

function protocols(
  routing: Routing,
  speaker: Speaker,
  peers: readonly PeerView[],
  words: readonly string[],
  times: SessionTimes,
): string[] {
  const isLong = words[0] === "all";
  const name = isLong ? words[1] : words[0];
  const chosen = peers.filter((view) => name === undefined || nameOf(view) === name);
  return [
    "name     proto    table    state  since       info",
    ...chosen.flatMap((view) => {
      const { session } = view;
      const state = session.established ? "up" : "start";
      const info = `${session.nodeState ?? "Idle"}${lastError(view)}`.padEnd(14);
      const line = `${nameOf(view).padEnd(8)} BGP      master   ${state.padEnd(6)} ${clock(times, view)}    ${info}`;
      return isLong ? [line, ...details(routing, speaker, view), ""] : [line];
    }),
  ];
}

function clock(times: SessionTimes, { session }: PeerView): string {
  const since = times.since(session);
  const isToday = since.toISOString().slice(0, 10) === times.now.toISOString().slice(0, 10);
  return isToday ? since.toISOString().slice(11, 19) : since.toISOString().slice(0, 10);
}

/** BIRD names an error only when the other end told it one; a wrong password is silence (facts cni.md 1.7). */
function lastError({ session }: PeerView): string {
  if (session.nodeState !== "Idle") return "";
  return session.reason?.includes("keepalive") ? " Received: Hold timer expired" : " BGP Error: Bad peer AS";
}

function details(routing: Routing, speaker: Speaker, view: PeerView): string[] {
  const { peer, session, count } = view;
  const head = [
    "  Preference:     100",
    `  BGP state:          ${session.nodeState ?? "Idle"}`,
    `    Neighbor address: ${peer.address}`,
    `    Neighbor AS:      ${peer.remoteAs}`,
  ];
  if (!session.established) return [...head, ...(lastError(view) === "" ? [] : [`    Last error:      ${lastError(view)}`])];
  const sent = senderOf(routing.tables)(session);
  const refused = sent.filter(({ refusal }) => refusal === "own AS in the path").length;
  const imports = sent.filter(({ refusal }) => refusal === undefined);
  const own = new Set(speaker.originates);
  const preferred = imports.filter(({ prefix }) => !own.has(prefix)).length;
  return [
    head[0] ?? "",
    `  Routes:         ${imports.length} imported, ${count.received} exported, ${preferred} preferred`,
    "  Route change stats:     received   rejected   filtered    ignored   accepted",
    `    Import updates:     ${cells(imports.length, 0, 0, 0, imports.length)}`,
    `    Import withdraws:   ${cells(refused, 0, undefined, refused, 0)}`,
    ...head.slice(1),
    `    Neighbor ID:      ${session.svi?.domain.routerId ?? ""}`,
    "    Session:          external multihop AS4",
    `    Source address:   ${session.nodeAddress}`,
    `    Hold timer:       ${count.hold}/${count.hold}`,
    `    Keepalive timer:  ${Math.floor(count.hold / 3)}/${Math.floor(count.hold / 3)}`,
  ];
}

function cells(...values: readonly (number | undefined)[]): string {
  return values.map((value) => String(value ?? "---").padStart(10)).join(" ");
}

function imported(routing: Routing, view: PeerView, times: SessionTimes): string[] {
  return senderOf(routing.tables)(view.session)
    .filter(({ refusal }) => refusal === undefined)
    .map((route: SentRoute) => {
      const last = route.asPath.at(-1) ?? view.peer.remoteAs;
      return `${route.prefix.padEnd(18)} via ${route.gateway} on eth0 [${nameOf(view)} ${clock(times, view)}] * (100/0) [AS${last}i]`;
    });
}

function exported({ peer, session }: PeerView): string[] {
  if (!session.established) return [];
  return peer.announces
    .filter((prefix) => filtered(peer.filters, "export", { prefix, asPath: [], fromPeer: false }) !== undefined)
    .map((prefix) => `${prefix.padEnd(18)} blackhole [static1] * (200)`);
}
