/** Distinguished names of the objects that the steps of the paper make (facts section 3). */

/** Where a floating SVI's interface profile is. */
export interface InterfaceProfilePlace {
  readonly tenant: string;
  readonly l3out: string;
  readonly node_profile: string;
  readonly interface_profile: string;
}

export function tenantDn(tenant: string): string {
  return `uni/tn-${tenant}`;
}

export function l3outDn(tenant: string, l3out: string): string {
  return `${tenantDn(tenant)}/out-${l3out}`;
}

export function vrfDn(tenant: string, vrf: string): string {
  return `${tenantDn(tenant)}/ctx-${vrf}`;
}

export function nodeProfileDn(tenant: string, l3out: string, profile: string): string {
  return `${l3outDn(tenant, l3out)}/lnodep-${profile}`;
}

export function interfaceProfileDn(place: InterfaceProfilePlace): string {
  return `${nodeProfileDn(place.tenant, place.l3out, place.node_profile)}/lifp-${place.interface_profile}`;
}

export function physicalDomainDn(name: string): string {
  return `uni/phys-${name}`;
}

export function routedDomainDn(name: string): string {
  return `uni/l3dom-${name}`;
}

/** A static VLAN pool; the paper's VLANs are given, so allocation is always static. */
export function vlanPoolDn(name: string): string {
  return `uni/infra/vlanns-[${name}]-static`;
}

export function aaepDn(name: string): string {
  return `uni/infra/attentp-${name}`;
}

/** Policy group of ports: a bundle of its own for a vPC or port channel, or one for single ports. */
export function policyGroupDn(type: "vpc" | "port_channel" | "port", name: string): string {
  return `uni/infra/funcprof/${type === "port" ? "accportgrp" : "accbundle"}-${name}`;
}

/** A leaf, `topology/pod-1/node-201`. */
export function nodeDn(pod: number, nodeId: number): string {
  return `topology/pod-${pod}/node-${nodeId}`;
}

/** The floating SVI on one anchor leaf (l3extVirtualLIfP): named by leaf and VLAN. */
export function anchorDn(place: InterfaceProfilePlace & { readonly pod: number; readonly vlan: number }, nodeId: number): string {
  return `${interfaceProfileDn(place)}/vlifp-[${nodeDn(place.pod, nodeId)}]-[vlan-${place.vlan}]`;
}

export function contractDn(tenant: string, contract: string): string {
  return `${tenantDn(tenant)}/brc-${contract}`;
}

export function filterDn(tenant: string, filter: string): string {
  return `${tenantDn(tenant)}/flt-${filter}`;
}

export function serviceGraphDn(tenant: string, template: string): string {
  return `${tenantDn(tenant)}/AbsGraph-${template}`;
}

/** An external EPG of an L3Out, or an EPG of an application profile. */
export interface EpgPlace {
  readonly tenant: string;
  readonly l3out?: string | undefined;
  readonly external_epg?: string | undefined;
  readonly application_profile?: string | undefined;
  readonly epg?: string | undefined;
}

export function epgDn({ tenant, l3out, external_epg, application_profile, epg }: EpgPlace): string {
  return l3out !== undefined
    ? `${l3outDn(tenant, l3out)}/instP-${external_epg}`
    : `${tenantDn(tenant)}/ap-${application_profile}/epg-${epg}`;
}
