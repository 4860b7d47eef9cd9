import type { LabObject } from "../parts.ts";
import type { LabLeaf } from "../spec.ts";
import { type LeafDomain, readDomain } from "./leaf-domain.ts";
import { type LeafPeer, readPeer } from "./leaf-peer.ts";
import { ancestor, namedTarget, type PolicyTree, policyTree } from "./policy-tree.ts";
import { type LeafPort, type PortBinding, portBindings, portsOfPath } from "./ports.ts";
import { type Family, familyOf, networkOf, withoutLength } from "./prefix.ts";
import { type RoutePolicy, routePolicy } from "./route-policy.ts";

/** An SVI deployed on a leaf: of a floating SVI on an anchor, or of a standard SVI on a path. */
export interface LeafSvi {
  readonly leaf: LabLeaf;
  /** `T:V`, as the leaf names it. */
  readonly vrf: string;
  /** DN of the L3Out. */
  readonly out: string;
  /** undefined: a routed port without VLAN. */
  readonly vlan: number | undefined;
  /** regular: tagged; native: either; untagged. */
  readonly mode: string;
  /** Largest IP packet that the leaf takes on it. */
  readonly mtu: number;
  readonly family: Family;
  /** Primary address with length. */
  readonly address: string;
  /** Its subnet. */
  readonly network: string;
  readonly secondaries: readonly string[];
  /** Ports of any leaf that are on its layer-2 segment. */
  readonly ports: ReadonlySet<LeafPort>;
  readonly bgp: boolean;
  readonly peers: readonly LeafPeer[];
  readonly domain: LeafDomain;
  readonly imports: RoutePolicy;
  readonly exports: RoutePolicy;
}

/** The L3Out around an interface, as one leaf has it. */
interface OutOnLeaf {
  readonly leaf: LabLeaf;
  readonly out: LabObject;
  readonly vrf: string;
  readonly bgp: boolean;
  readonly domain: LeafDomain;
  readonly imports: RoutePolicy;
  readonly exports: RoutePolicy;
}

/** Reads the tree: what is the same for many interfaces only once. */
interface FabricReader {
  readonly tree: PolicyTree;
  readonly asn: number;
  readonly bindings: readonly PortBinding[];
  /** DNs of the interfaces that a leaf refused (F0467), as `leaf DN interface DN`. */
  readonly refused: ReadonlySet<string>;
  outOn(leaf: LabLeaf, interfaceDn: string): OutOnLeaf | undefined;
}

/** `inherit`: the fabric's MTU policy (l2InstPol.fabricMtu). */
const INHERITED_MTU = 9000;

/** What the APIC's tree makes of the leaves: the SVIs that are deployed (paper steps 3 to 14). */
export function fabricSide(objects: ReadonlyMap<string, LabObject>, leaves: readonly LabLeaf[], asn: number): LeafSvi[] {
  const tree = policyTree(objects);
  const reader = readerOf(tree, asn);
  const byDn = new Map(leaves.map((leaf) => [`topology/pod-${leaf.pod}/node-${leaf.id}`, leaf]));
  const floating = tree.ofClass("l3extVirtualLIfP").flatMap((svi) => floatingSvi(reader, svi, byDn));
  const standard = tree.ofClass("l3extRsPathL3OutAtt").flatMap((path) => standardSvis(reader, path, byDn));
  return [...floating, ...standard];
}

function readerOf(tree: PolicyTree, asn: number): FabricReader {
  const known = new Map<string, OutOnLeaf | undefined>();
  return {
    tree,
    asn,
    bindings: portBindings(tree),
    refused: new Set(tree.ofClass("faultInst").flatMap(({ dn }) => refusal(dn))),
    outOn(leaf, interfaceDn) {
      const profile = ancestor(tree, interfaceDn, "l3extLNodeP");
      const key = `${leaf.pod} ${leaf.id} ${profile?.dn}`;
      if (!known.has(key)) known.set(key, profile === undefined ? undefined : readOut(tree, profile, leaf));
      return known.get(key);
    },
  };
}

/** Where a leaf keeps its deployment faults: `…/node-201/local/…/rtd-[<policy DN>]/nwissues/fault-F0467` (aci-objects 3.4). */
function refusal(dn: string): string[] {
  if (!dn.endsWith("/fault-F0467")) return [];
  const leaf = /^(topology\/pod-\d+\/node-\d+)\/.*?\[(uni\/.+)\]\/nwissues\/fault-F0467$/.exec(dn);
  return leaf?.[1] !== undefined && leaf[2] !== undefined ? [`${leaf[1]} ${leaf[2]}`] : [dn.slice(0, -"/fault-F0467".length)];
}

function readOut(tree: PolicyTree, profile: LabObject, leaf: LabLeaf): OutOnLeaf | undefined {
  const nodeDn = `topology/pod-${leaf.pod}/node-${leaf.id}`;
  const out = ancestor(tree, profile.dn, "l3extOut");
  const attachment = tree.children(profile.dn, "l3extRsNodeL3OutAtt").find((relation) => relation.attributes.tDn === nodeDn);
  const context = out === undefined ? undefined : tree.children(out.dn, "l3extRsEctx")[0];
  const vrf = context === undefined ? undefined : namedTarget(tree, context.dn, `ctx-${context.attributes.tnFvCtxName ?? ""}`);
  if (out === undefined || vrf === undefined || attachment === undefined) return undefined;
  return {
    leaf,
    out,
    vrf: vrf.dn.replace(/^uni\/tn-([^/]+)\/ctx-/, "$1:"),
    bgp: tree.children(out.dn, "bgpExtP").length > 0,
    domain: readDomain(tree, profile, vrf, attachment.attributes.rtrId ?? ""),
    imports: routePolicy(tree, out, "import"),
    exports: routePolicy(tree, out, "export"),
  };
}

/** A leaf has an interface when its L3Out is on the leaf and the leaf did not refuse it. */
function deployedOn(reader: FabricReader, object: LabObject, nodeDn: string, leaf: LabLeaf | undefined): OutOnLeaf | undefined {
  const isRefused = reader.refused.has(`${nodeDn} ${object.dn}`) || reader.refused.has(object.dn);
  return leaf === undefined || isRefused ? undefined : reader.outOn(leaf, object.dn);
}

/** Floating SVI (step 4): the VLAN must be in the pool behind a physical domain of it; its segment is every port with that domain. */
function floatingSvi(reader: FabricReader, svi: LabObject, leaves: ReadonlyMap<string, LabLeaf>): LeafSvi[] {
  const { nodeDn = "", addr = "" } = svi.attributes;
  const on = deployedOn(reader, svi, nodeDn, leaves.get(nodeDn));
  const vlan = vlanOf(svi);
  const domains = reader.tree.children(svi.dn, "l3extRsDynPathAtt").map(({ attributes }) => attributes.tDn ?? "");
  const allowed = domains.filter((domain) => vlan !== undefined && isInPool(reader.tree, domain, vlan));
  if (on === undefined || allowed.length === 0) return [];
  const ports = reader.bindings.filter((one) => allowed.some((domain) => one.domains.has(domain))).map((one) => one.port);
  return sviOf(reader, on, svi, { address: addr, secondaries: secondaries(reader.tree, svi.dn), vlan, ports: new Set(ports) });
}

/** Standard SVI (step 5): one interface on each leaf of the path, side A being the lower node ID (aci-objects 3.3). */
function standardSvis(reader: FabricReader, path: LabObject, leaves: ReadonlyMap<string, LabLeaf>): LeafSvi[] {
  const { tree } = reader;
  const { tDn = "", addr = "", ifInstT } = path.attributes;
  const match = /^(topology\/pod-\d+)\/(?:prot)?paths-(\d+)(?:-(\d+))?\//.exec(tDn);
  if (match === null) return [];
  const ids = [match[2], match[3]].filter((id) => id !== undefined).map(Number);
  const vlan = vlanOf(path);
  const out = ancestor(tree, path.dn, "l3extOut");
  const domain = out === undefined ? undefined : tree.children(out.dn, "l3extRsL3DomAtt")[0]?.attributes.tDn;
  const routed = ifInstT === "l3-port";
  if (domain === undefined || (!routed && (vlan === undefined || !isInPool(tree, domain, vlan)))) return [];
  const ports = portsOfPath(tree, reader.bindings, tDn, domain);
  const members = tree.children(path.dn, "l3extMember");
  return ids.flatMap((id, index) => {
    const nodeDn = `${match[1]}/node-${id}`;
    const on = deployedOn(reader, path, nodeDn, leaves.get(nodeDn));
    const side = ids.length < 2 ? undefined : members.find(({ attributes }) => attributes.side === (index === 0 ? "A" : "B"));
    if (on === undefined || (ids.length > 1 && side === undefined) || (!routed && ports.size === 0)) return [];
    const address = side?.attributes.addr ?? addr;
    return sviOf(reader, on, path, { address, secondaries: secondaries(tree, side?.dn ?? path.dn), vlan, ports });
  });
}

function sviOf(
  { tree, asn }: FabricReader,
  { leaf, vrf, out, bgp, domain, imports, exports }: OutOnLeaf,
  object: LabObject,
  own: Pick<LeafSvi, "address" | "secondaries" | "vlan" | "ports">,
): LeafSvi[] {
  const family = familyOf(own.address);
  if (family === undefined) return [];
  return [
    {
      leaf,
      vrf,
      out: out.dn,
      bgp,
      domain,
      imports,
      exports,
      mode: object.attributes.mode ?? "regular",
      mtu: Number(object.attributes.mtu) || INHERITED_MTU,
      family,
      network: networkOf(own.address),
      peers: tree
        .children(object.dn, "bgpPeerP")
        .map((peer) => readPeer(tree, peer, asn))
        .filter((peer) => familyOf(peer.address) === family)
        .sort((a, b) => (withoutLength(a.address) < withoutLength(b.address) ? -1 : 1)),
      ...own,
    },
  ];
}

function secondaries(tree: PolicyTree, dn: string): string[] {
  return tree.children(dn, "l3extIp").map(({ attributes }) => attributes.addr ?? "");
}

function vlanOf({ attributes }: LabObject): number | undefined {
  const tag = /^vlan-(\d+)$/.exec(attributes.encap ?? "")?.[1];
  return tag === undefined ? undefined : Number(tag);
}

/** Whether a VLAN is in the pool of a domain. */
function isInPool(tree: PolicyTree, domain: string, vlan: number): boolean {
  const number = (encap: string | undefined) => Number(encap?.replace("vlan-", ""));
  return tree
    .children(domain, "infraRsVlanNs")
    .flatMap(({ attributes }) => tree.children(attributes.tDn ?? "", "fvnsEncapBlk"))
    .some(({ attributes }) => number(attributes.from) <= vlan && vlan <= number(attributes.to));
}
