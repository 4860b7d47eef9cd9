import { type Diagnostic, errorAt } from "../diagnostic.ts";
import type { InventoryRule } from "./inventory-rule.ts";
import { speakerOf } from "./inventory-wide.ts";

/**
 * What does not detect a dead node, or drops sessions that are well. A hold time of 1 or 2 s is no hold time (RFC 4271 section 4.2): BIRD and GoBGP
 * refuse it too. That Calico needs 2 s/6 s, and that keepalive is below hold, aci.bgp_timers tells.
 */
const timers: InventoryRule = (hosts) => {
  const speaker = speakerOf(hosts, "bgp");
  const { hold, keepalive } = speaker?.known.bgp ?? {};
  if (speaker === undefined || hold === undefined) return [];
  const at = (key: "hold" | "keepalive") => speaker.place("bgp", key);
  if (hold === 1 || hold === 2) {
    const message = `bgp.hold ${hold}: a hold time is 0 or at least 3 seconds (RFC 4271; paper, BGP timers)`;
    return [errorAt(at("hold"), "bgp-timers", message, "3 for kube-router and Cilium, 6 for Calico")];
  }
  if (hold === 0) {
    const message = "bgp.hold 0: sessions never time out, so traffic goes on to a node that is dead (paper, BGP timers)";
    return [
      { severity: "warning", rule: "bgp-timers", message, at: at("hold"), hint: "3 for kube-router and Cilium, 6 for Calico" },
    ];
  }
  if (keepalive === 0) {
    const message = `bgp.keepalive 0 with bgp.hold ${hold}: nothing keeps the sessions up (RFC 4271; paper, BGP timers)`;
    return [errorAt(at("keepalive"), "bgp-timers", message, `a third of hold: ${Math.floor(hold / 3)}`)];
  }
  if (keepalive === undefined || keepalive >= hold || keepalive * 2 <= hold) return [];
  const message = `bgp.keepalive ${keepalive} is more than half of bgp.hold ${hold}: one message that is lost drops the session (paper, BGP timers)`;
  return [
    { severity: "warning", rule: "bgp-timers", message, at: at("keepalive"), hint: `a third of hold: ${Math.floor(hold / 3)}` },
  ];
};

/** AS numbers that nobody may use: AS_TRANS (RFC 6793), the last of 16 and of 32 bits (RFC 7300). */
const RESERVED: ReadonlySet<number> = new Set([23456, 65535, 4294967295]);

/** AS numbers for private use (RFC 6996). */
const PRIVATE = [
  { from: 64512, to: 65534 },
  { from: 4200000000, to: 4294967294 },
] as const;

function isPrivate(asn: number): boolean {
  return PRIVATE.some(({ from, to }) => asn >= from && asn <= to);
}

/** The nodes' AS is a private one of the cluster's own; kube-router's narrower range is its task type's to tell. */
const clusterAs: InventoryRule = (hosts) => {
  const speaker = speakerOf(hosts, "cluster");
  const asn = speaker?.known.cluster?.asn;
  if (speaker === undefined || asn === undefined || isPrivate(asn)) return [];
  const at = speaker.place("cluster", "asn");
  const hint = "private use: 64512 to 65534, 4200000000 to 4294967294";
  if (RESERVED.has(asn)) {
    const message = `cluster.asn ${asn} is reserved: BGP takes no session with it (RFC 6793 and 7300; paper, AS Per Cluster design)`;
    return [errorAt(at, "as-number", message, hint)];
  }
  const message = `cluster.asn ${asn} is not for private use (RFC 6996; paper, AS Per Cluster design)`;
  return [{ severity: "warning", rule: "as-number", message, at, hint }];
};

/** AS numbers that kube-router takes for reserved, also as a peer's (facts cni, section 2.3). */
const REFUSED_BY_KUBE_ROUTER = [
  { from: 23456, to: 23456 },
  { from: 64000, to: 64511 },
  { from: 65535, to: 131071 },
] as const;

/** The fabric's AS, as far as the CNI refuses it for its peers or may not be able to store it. */
const fabricAs: InventoryRule = (hosts): readonly Diagnostic[] => {
  const speaker = speakerOf(hosts, "fabric");
  const asn = speaker?.known.fabric?.asn;
  if (speaker === undefined || asn === undefined) return [];
  const at = speaker.place("fabric", "asn");
  const cni = speakerOf(hosts, "cni")?.known.cni?.name;
  if (cni === "kube-router" && REFUSED_BY_KUBE_ROUTER.some(({ from, to }) => asn >= from && asn <= to)) {
    const message = `fabric.asn ${asn}: kube-router takes no peer with a reserved AS (23456, 64000 to 64511, 65535 to 131071; paper, Kube-Router routing and BGP configuration)`;
    return [errorAt(at, "as-number", message, "use another CNI, or give the fabric another AS")];
  }
  if (cni === "calico" && asn > 2_147_483_647) {
    const message = `fabric.asn ${asn}: Calico's BGPPeer has asNumber as int32, 2147483647 at most (paper, Calico routing and BGP configuration)`;
    return [{ severity: "warning", rule: "as-number", message, at, hint: "try a BGPPeer with it before the change" }];
  }
  return [];
};

/** Rules about timers and AS numbers. */
export const bgpRules: readonly InventoryRule[] = [timers, clusterAs, fabricAs];
