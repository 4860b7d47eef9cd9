import type { LabOutside, LabSpec } from "../spec.ts";
import type { Seed } from "./managed-tree.ts";

/** Marks what somebody else's tool made. */
const NOT_OURS = { annotation: "orchestrator:terraform" };

/** AS and address of the router outside; documentation ranges (RFC 5398, RFC 5737). */
const ROUTER = { asn: "64500", address: "192.0.2.2", leaf: "192.0.2.1/30", port: "eth1/120" };

/** What others have in the fabric: an L3Out to the outside and EPGs (white paper, *Transit routing*, *Contracts*). */
export function neighbourSeeds(spec: LabSpec["fabric"]): readonly Seed[] {
  return [
    ...(spec.outside === undefined ? [] : outsideSeeds(spec, spec.outside)),
    ...spec.epgs.flatMap((epg) => epgSeeds(spec, epg)),
  ];
}

/** A routed port on the first leaf with an eBGP peer, and an external EPG for all destinations. */
function outsideSeeds(spec: LabSpec["fabric"], outside: LabOutside): readonly Seed[] {
  const [leaf] = spec.leaves;
  if (leaf === undefined) return [];
  const dn = `uni/tn-${outside.tenant}/out-${outside.l3out}`;
  const domain = `uni/l3dom-${outside.l3out}`;
  const nodes = `${dn}/lnodep-${leaf.name}`;
  const path = `topology/pod-${leaf.pod}/paths-${leaf.id}/pathep-[${ROUTER.port}]`;
  const port = `${nodes}/lifp-router/rspathL3OutAtt-[${path}]`;
  const rtrId = leaf.routerId ?? `10.255.${leaf.id >> 8}.${leaf.id & 255}`;
  const epg = `${dn}/instP-${outside.externalEpg}`;
  return [
    { dn: domain, attributes: NOT_OURS },
    { dn, attributes: NOT_OURS },
    { dn: `${dn}/rsectx`, attributes: { tnFvCtxName: outside.vrf } },
    { dn: `${dn}/rsl3DomAtt`, attributes: { tDn: domain } },
    { dn: `${dn}/bgpExtP` },
    { dn: `${nodes}/rsnodeL3OutAtt-[topology/pod-${leaf.pod}/node-${leaf.id}]`, attributes: { rtrId, rtrIdLoopBack: "no" } },
    { dn: port, attributes: { ifInstT: "l3-port", addr: ROUTER.leaf } },
    { dn: `${port}/peerP-[${ROUTER.address}]`, attributes: { descr: "router" } },
    { dn: `${port}/peerP-[${ROUTER.address}]/as`, attributes: { asn: ROUTER.asn } },
    { dn: epg, attributes: NOT_OURS },
    { dn: `${epg}/extsubnet-[0.0.0.0/0]` },
  ];
}

/** An EPG with a bridge domain of its own, in a VRF of its tenant when there is one. */
function epgSeeds(spec: LabSpec["fabric"], one: LabSpec["fabric"]["epgs"][number]): readonly Seed[] {
  const tenant = `uni/tn-${one.tenant}`;
  const vrf = spec.vrfs.find((known) => known.tenant === one.tenant)?.vrf ?? "default";
  const bridge = `${tenant}/BD-${one.epg}`;
  const epg = `${tenant}/ap-${one.applicationProfile}/epg-${one.epg}`;
  return [
    { dn: `${tenant}/ap-${one.applicationProfile}`, attributes: NOT_OURS },
    { dn: bridge, attributes: NOT_OURS },
    { dn: `${bridge}/rsctx`, attributes: { tnFvCtxName: vrf } },
    { dn: epg, attributes: NOT_OURS },
    { dn: `${epg}/rsbd`, attributes: { tnFvBDName: one.epg } },
  ];
}
