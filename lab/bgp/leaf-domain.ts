import type { LabObject } from "../parts.ts";
import { namedTarget, type PolicyTree } from "./policy-tree.ts";
import type { Family } from "./prefix.ts";

/** How many equal paths a VRF installs for a family. */
export interface EcmpWidth {
  readonly maxEcmp: number;
  readonly maxEcmpIbgp: number;
}

/** BGP settings of a VRF on a leaf (bgpDom). */
export interface LeafDomain {
  readonly keepalive: number;
  readonly hold: number;
  /** Whether the leaf keeps the routes of a node whose BGP restarts (bgpCtxPol.grCtrl; default helper). */
  readonly restartHelper: boolean;
  /** 0: no limit. */
  readonly maxAsLimit: number;
  readonly widths: Readonly<Record<Family, EcmpWidth>>;
  readonly routerId: string;
}

/** Timers of the node profile, else of the VRF, else the defaults (steps 8, 9); ECMP widths of the VRF (steps 11, 12). */
export function readDomain(tree: PolicyTree, profile: LabObject, vrf: LabObject, routerId: string): LeafDomain {
  const own = tree.children(`${profile.dn}/protp`, "bgpRsBgpNodeCtxPol")[0]?.attributes.tnBgpCtxPolName ?? "";
  const general = tree.children(vrf.dn, "fvRsBgpCtxPol")[0]?.attributes.tnBgpCtxPolName ?? "";
  const timers =
    (own === "" ? undefined : namedTarget(tree, profile.dn, `bgpCtxP-${own}`)) ??
    (general === "" ? undefined : namedTarget(tree, vrf.dn, `bgpCtxP-${general}`));
  return {
    keepalive: Number(timers?.attributes.kaIntvl ?? 60),
    hold: Number(timers?.attributes.holdIntvl ?? 180),
    restartHelper: (timers?.attributes.grCtrl ?? "helper").split(",").includes("helper"),
    maxAsLimit: Number(timers?.attributes.maxAsLimit ?? 0),
    widths: { ipv4: widthOf(tree, vrf, "ipv4"), ipv6: widthOf(tree, vrf, "ipv6") },
    routerId,
  };
}

function widthOf(tree: PolicyTree, vrf: LabObject, family: Family): EcmpWidth {
  const relation = tree.children(vrf.dn, "fvRsCtxToBgpCtxAfPol").find(({ attributes }) => attributes.af === `${family}-ucast`)
    ?.attributes.tnBgpCtxAfPolName;
  const policy = relation === undefined ? undefined : namedTarget(tree, vrf.dn, `bgpCtxAfP-${relation}`);
  return {
    maxEcmp: Number(policy?.attributes.maxEcmp ?? 16),
    maxEcmpIbgp: Number(policy?.attributes.maxEcmpIbgp ?? 16),
  };
}
