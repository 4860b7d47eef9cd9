/** The parts of a planned session (`underlay.sessions`) that say whose it is. */
export interface PlannedSession {
  readonly node: string;
  readonly leaf: string;
  readonly family: "ipv4" | "ipv6";
  /** The leaf's address. */
  readonly peer_address: string;
}

/** What is wrong with one planned session. */
export interface SessionProblem<S extends PlannedSession = PlannedSession> {
  readonly session: S;
  /** State and likely cause: the same text for all that have the same. */
  readonly text: string;
  /** Something of this session alone that helps, told once for all with the same text. */
  readonly example?: string;
}

const FAMILY = { ipv4: "IPv4", ipv6: "IPv6" } as const;

/**
 * Where to look when TCP does not come up. One end cannot tell a wrong MD5 password from a wrong VLAN: both are silent (facts cni.md 4.6).
 * What does come up can: the other family of the same pair, other nodes of the same leaf, other leaves of the same node.
 */
export function whereToLook<S extends PlannedSession>(session: S, planned: readonly S[], isUp: (session: S) => boolean): string {
  const up = planned.filter(isUp);
  const { node, leaf, family } = session;
  if (up.length === 0 && planned.length > 1) {
    return "no session at all comes up: wrong BGP password, or the leaves have no BGP peers (step 14)?";
  }
  if (up.some((other) => other.node === node && other.leaf === leaf)) {
    const other = FAMILY[family === "ipv4" ? "ipv6" : "ipv4"];
    return `their ${other} session is up, so cable and VLAN are right: has the leaf a BGP peer for the node's ${FAMILY[family]} address (step 14), with the same BGP password?`;
  }
  const has = (found: readonly S[], by: Partial<PlannedSession>) =>
    found.some((one) => (by.node ?? one.node) === one.node && (by.leaf ?? one.leaf) === one.leaf);
  if (!has(up, { node }) && has(up, { leaf })) {
    return `no session of ${node} comes up, those of other nodes do: wrong BGP password on the node, wrong VLAN, or cabled to other ports or leaves than its path (steps 4 and 5)?`;
  }
  if (!has(up, { leaf }) && has(up, { node })) {
    return `no session of ${leaf} comes up, its nodes have others: wrong BGP password or no BGP peer on this leaf (step 14), or wrong VLAN there (steps 4 and 5)?`;
  }
  return "wrong BGP password or VLAN, no BGP peer for the node on the leaf (step 14), or the node cannot reach the leaf?";
}

/** One line for each thing that is wrong, with all sessions that have it: 200 nodes with a wrong password are one line. */
export function problemLines(problems: readonly SessionProblem[], planned: number): readonly string[] {
  const alike = new Map<string, SessionProblem[]>();
  for (const problem of problems) alike.set(problem.text, [...(alike.get(problem.text) ?? []), problem]);
  return [...alike].map(([text, found]) => {
    const example = found.find((problem) => problem.example !== undefined)?.example;
    const sessions = found.map(({ session }) => session);
    return `${subjectOf(sessions, planned)}: ${text}${example === undefined ? "" : `, such as ${example}`}`;
  });
}

/** Sessions that are named one by one; of more only this many and how many more there are. */
const NAMED = 4;

function subjectOf(sessions: readonly PlannedSession[], planned: number): string {
  const nodes = [...new Set(sessions.map(({ node }) => node))];
  const ends = [...new Set(sessions.map(({ leaf, peer_address: address }) => `${leaf} (${address})`))];
  if (sessions.length === planned && planned > NAMED) return `all ${planned} sessions`;
  if (nodes.length === 1 || ends.length === 1) return `${listed(nodes)} to ${listed(ends)}`;
  return listed(sessions.map(({ node, leaf, peer_address: address }) => `${node} to ${leaf} (${address})`));
}

function listed(names: readonly string[]): string {
  if (names.length <= NAMED) return names.join(", ");
  return `${names.slice(0, NAMED - 1).join(", ")} and ${names.length - NAMED + 1} more`;
}
