import type { RotatedSession } from "./arguments.ts";
import type { OutageMeter } from "./outage-meter.ts";
import { keyOf } from "./session-watch.ts";

/** Lines that are told one by one; the facts have all. */
const LINES = 12;

/** How long a session was down, for `register`. A type alias, so that it is JSON. */
export type SessionOutage = {
  readonly node: string;
  readonly leaf: string;
  readonly family: "ipv4" | "ipv6";
  /** At most so long: see OutageMeter. */
  readonly seconds: number;
  /** False: it was still down at the end. */
  readonly back: boolean;
};

/** The outage of every session, the longest first; those that are not back before all. */
export function outagesOf(meter: OutageMeter, sessions: readonly RotatedSession[]): readonly SessionOutage[] {
  const outages = sessions.map((session): SessionOutage => {
    const { node, leaf, family } = session;
    const { seconds, lasts } = meter.outageOf(keyOf(session));
    return { node, leaf, family, seconds, back: !lasts };
  });
  return outages.sort((one, other) => Number(one.back) - Number(other.back) || other.seconds - one.seconds);
}

/** One line for each session, longest outage first, and how many more there are. */
export function outageLines(outages: readonly SessionOutage[]): readonly string[] {
  const shown = outages.slice(0, LINES).map(({ node, leaf, family, seconds, back }) => {
    const session = `${node} to ${leaf} (${family === "ipv4" ? "IPv4" : "IPv6"})`;
    return back ? `${session}: ${seconds} s without a session` : `${session}: no session since ${seconds} s`;
  });
  const rest = outages.slice(LINES);
  const [longest] = rest;
  return longest === undefined ? shown : [...shown, `${rest.length} more sessions, ${longest.seconds} s at most`];
}
