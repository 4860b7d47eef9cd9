import type { Peer } from "./peer-groups.ts";

/** Kinds of service addresses that Cilium can announce. */
export type ServiceAddress = "LoadBalancerIP" | "ClusterIP" | "ExternalIP";

/** What the sessions of a cluster have in common. */
export interface BgpSettings {
  /** AS of the cluster. */
  readonly asn: number;
  /** AS of the fabric. */
  readonly fabricAsn: number;
  /** Secret with the key `password`, in the agent's namespace for BGP secrets; undefined: no password. */
  readonly secret: string | undefined;
  /** Seconds. undefined: Cilium's own 90 and 30, so that the shorter ones of the fabric decide. */
  readonly timers: { readonly hold: number; readonly keepalive: number } | undefined;
  /** Seconds that the leaves keep the routes of an agent that restarts; undefined: off. */
  readonly gracefulRestart: number | undefined;
  readonly services: readonly ServiceAddress[];
}

/** Selects all services: by a label that none of them has (white paper, section *Cilium routing and BGP configuration*). */
export const ALL_SERVICES = { matchExpressions: [{ key: "CiliumAdvertiseAllServices", operator: "DoesNotExist" }] } as const;

/** Timers in the words that both kinds of objects use. */
export function timerFields({ timers }: BgpSettings): Readonly<Record<string, number>> {
  return timers === undefined ? {} : { holdTimeSeconds: timers.hold, keepAliveTimeSeconds: timers.keepalive };
}

/** Graceful restart in the words that both kinds of objects use. */
export function gracefulRestartFields({ gracefulRestart: seconds }: BgpSettings) {
  return seconds === undefined ? {} : { gracefulRestart: { enabled: true, restartTimeSeconds: seconds } };
}

/** The one family that a session carries: with both, IPv6 prefixes over an IPv4 session would get a next hop that ACI cannot use. */
export function familyOf(family: Peer["family"]) {
  return { afi: family, safi: "unicast" } as const;
}
