import type { LabObject } from "../parts.ts";
import {
  childrenOf,
  type LeafInterface,
  leafInterfaces,
  nodeAttachment,
  nodesOfPath,
  nodeTimers,
  onlyChild,
  vrfOf,
} from "./l3out-view.ts";
import { ancestor, relationClasses, targetOf } from "./relation.ts";
import { vlanOf } from "./semantic.ts";
import type { Tree } from "./tree.ts";

/** Something that is configured but cannot be carried out. */
export interface ConfigFault {
  /** Policy object that is to blame. */
  readonly policy: LabObject;
  /** Leaf that refused it; undefined: the controller itself found it. */
  readonly nodeDn: string | undefined;
  readonly code: string;
  readonly severity: "warning" | "minor" | "major";
  /** `encap-already-in-use`, or `resolution-failed`. */
  readonly qualifier: string;
  readonly message: string;
}

/** Every fault that the configuration alone calls for (aci-objects 9.12, 6.5). Where two objects collide, the later one is at fault. */
export function configFaults(tree: Tree): readonly ConfigFault[] {
  const interfaces = leafInterfaces(tree);
  return [
    ...unresolved(tree),
    ...prefixesInUse(tree, interfaces),
    ...vlansInUse(tree, interfaces),
    ...timersInUse(tree, interfaces),
    ...vlansNotAllowed(tree, interfaces),
  ];
}

function unresolved(tree: Tree): readonly ConfigFault[] {
  const faults: ConfigFault[] = [];
  for (const { name, relation } of relationClasses) {
    const code = relation?.fault;
    if (code === undefined) continue;
    for (const policy of tree.ofClass(name)) {
      if (policy.attributes.state !== "missing-target") continue;
      const target = policy.attributes[relation?.property ?? ""] ?? "";
      const message = `Failed to form relation to MO ${target} of class ${relation?.target}`;
      faults.push({ policy, nodeDn: undefined, code, severity: "warning", qualifier: "resolution-failed", message });
    }
  }
  return faults;
}

function refusedByLeaf(policy: LabObject, nodeDn: string, qualifier: string, message: string): ConfigFault {
  return { policy, nodeDn, code: "F0467", severity: "minor", qualifier, message };
}

/** The same prefix classifies into two external EPGs of one VRF (aci-objects 3.4). */
function prefixesInUse(tree: Tree, interfaces: readonly LeafInterface[]): readonly ConfigFault[] {
  const owners = new Map<string, LabObject>();
  const faults: ConfigFault[] = [];
  for (const subnet of tree.ofClass("l3extSubnet")) {
    const epg = ancestor(tree, subnet.dn, "l3extInstP");
    const out = ancestor(tree, subnet.dn, "l3extOut");
    const vrf = out === undefined ? undefined : vrfOf(tree, out);
    if (epg === undefined || vrf === undefined || !subnet.attributes.scope?.split(",").includes("import-security")) continue;
    const key = `${vrf.dn} ${subnet.attributes.ip}`;
    const owner = owners.get(key);
    if (owner === undefined) owners.set(key, epg);
    else if (owner !== epg) {
      const nodes = new Set(interfaces.filter((one) => one.out.dn === out?.dn).map((one) => one.nodeDn));
      const message = `Prefix Entry ${subnet.attributes.ip} Already Used in Another EPG ${owner.dn}`;
      for (const nodeDn of nodes) faults.push(refusedByLeaf(epg, nodeDn, "prefix-entry-already-in-use", message));
    }
  }
  return faults;
}

/** A VLAN serves one EPG or one external bridge domain on a leaf (aci-objects 3.2). */
function vlansInUse(tree: Tree, interfaces: readonly LeafInterface[]): readonly ConfigFault[] {
  const faults: ConfigFault[] = [];
  const epgs = new Map<string, LabObject>();
  for (const path of tree.ofClass("fvRsPathAtt")) {
    for (const nodeDn of nodesOfPath(path.attributes.tDn ?? "")) epgs.set(`${nodeDn} ${path.attributes.encap}`, path);
  }
  const owners = new Map<string, LeafInterface>();
  for (const one of interfaces) {
    const key = `${one.nodeDn} ${one.encap}`;
    const owner = owners.get(key);
    if (owner === undefined) owners.set(key, one);
    const other = epgs.get(key) ?? (owner !== undefined && !sharesBridgeDomain(owner, one) ? owner.object : undefined);
    if (other === undefined) continue;
    const message = `Encap ${one.encap} is already in use by ${other.dn}`;
    faults.push(refusedByLeaf(one.object, one.nodeDn, "encap-already-in-use", message));
  }
  return faults;
}

/** One L3Out always shares; two of one VRF share when both say `ctx`. */
function sharesBridgeDomain(a: LeafInterface, b: LeafInterface): boolean {
  if (a.out.dn === b.out.dn) return true;
  const both = a.object.attributes.encapScope === "ctx" && b.object.attributes.encapScope === "ctx";
  return both && a.vrf !== undefined && a.vrf.dn === b.vrf?.dn;
}

/** BGP timers are one set per VRF and leaf (aci-objects 3.7). */
function timersInUse(tree: Tree, interfaces: readonly LeafInterface[]): readonly ConfigFault[] {
  const owners = new Map<string, LabObject>();
  const faults: ConfigFault[] = [];
  for (const { nodeProfile, nodeDn, vrf } of interfaces) {
    const policy = nodeProfile === undefined ? undefined : nodeTimers(tree, nodeProfile);
    if (nodeProfile === undefined || policy === undefined || vrf === undefined) continue;
    const key = `${nodeDn} ${vrf.dn}`;
    const owner = owners.get(key);
    if (owner === undefined) owners.set(key, policy);
    else if (owner.dn !== policy.dn) {
      const message = `BGP timers of ${owner.dn} are already in force for ${vrf.dn}`;
      faults.push(refusedByLeaf(nodeProfile, nodeDn, "bgpProt-policy-already-existing", message));
    }
  }
  return faults;
}

/** A VLAN must lie in a static block of the pool behind the domain (aci-objects 3.1, 3.2). */
function vlansNotAllowed(tree: Tree, interfaces: readonly LeafInterface[]): readonly ConfigFault[] {
  const faults: ConfigFault[] = [];
  for (const one of interfaces) {
    if (one.kind === "standard" && one.object.attributes.ifInstT !== "ext-svi") continue;
    const relations =
      one.kind === "floating"
        ? childrenOf(tree, one.object.dn, "l3extRsDynPathAtt")
        : childrenOf(tree, one.out.dn, "l3extRsL3DomAtt");
    if (relations.length === 0 && one.kind === "standard") {
      const message = `${one.out.dn} has no routed domain, so ${one.encap} cannot be deployed`;
      faults.push(refusedByLeaf(one.object, one.nodeDn, "invalid-vlan", message));
    }
    for (const relation of relations) {
      if (allowsVlan(tree, targetOf(tree, relation), vlanOf(one.encap))) continue;
      const message = `${one.encap} is not in a static block of the VLAN pool of ${relation.attributes.tDn}`;
      faults.push(refusedByLeaf(one.object, one.nodeDn, "invalid-vlan", message));
    }
  }
  return faults;
}

function allowsVlan(tree: Tree, domain: LabObject | undefined, vlan: number): boolean {
  const pool = domain === undefined ? undefined : targetOf(tree, onlyChild(tree, domain.dn, "infraRsVlanNs"));
  if (pool === undefined) return false;
  return childrenOf(tree, pool.dn, "fvnsEncapBlk").some((block) => {
    const mode = block.attributes.allocMode === "inherit" ? pool.attributes.allocMode : block.attributes.allocMode;
    return mode === "static" && vlan >= vlanOf(block.attributes.from) && vlan <= vlanOf(block.attributes.to);
  });
}

/** What the controller writes into read-only properties of policies: DN, property, value (aci-objects 3.1, 3.11). */
export function configIssues(tree: Tree): readonly { readonly dn: string; readonly property: string; readonly value: string }[] {
  const interfaces = leafInterfaces(tree);
  const profiles = tree.ofClass("l3extLNodeP").map((profile) => {
    const astray = interfaces.some(
      (one) =>
        one.kind === "floating" && one.nodeProfile?.dn === profile.dn && nodeAttachment(tree, profile, one.nodeDn) === undefined,
    );
    return { dn: profile.dn, property: "configIssues", value: astray ? "node-vlif-misconfig" : "" };
  });
  const peers = tree.ofClass("bgpPeerP").map((peer) => {
    const profile = tree.get(tree.holder(peer.dn));
    const nodes = profile?.className === "l3extLNodeP" ? childrenOf(tree, profile.dn, "l3extRsNodeL3OutAtt") : [];
    const without = nodes.some(
      (node) => node.attributes.rtrIdLoopBack === "no" && onlyChild(tree, node.dn, "l3extLoopBackIfP") === undefined,
    );
    return { dn: peer.dn, property: "ConfigIssues", value: without ? "no-loopback-configured" : "" };
  });
  return [...profiles, ...peers];
}
