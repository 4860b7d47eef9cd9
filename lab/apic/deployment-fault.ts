import type { LabObject } from "../parts.ts";
import { type ConfigFault, refusedByLeaf } from "./config-fault.ts";
import { type LeafInterface, nodesOfPath, onlyChild } from "./l3out-view.ts";
import { domainsOf, type PortView } from "./port-view.ts";
import { targetOf } from "./relation.ts";
import { vlanOf } from "./semantic.ts";
import type { Tree } from "./tree.ts";

/** Why leaves cannot deploy the SVIs of L3Outs (aci-objects 9.12, 6.5). */
export function deploymentFaults(tree: Tree, interfaces: readonly LeafInterface[], ports: PortView): readonly ConfigFault[] {
  return [...vlansInUse(tree, interfaces), ...interfaces.flatMap((one) => notAllowed(tree, one, ports) ?? [])];
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
    if (Number.isNaN(vlanOf(one.encap))) continue;
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

/** The ports must be there and open to the domain, and the VLAN in a static block of the domain's pool (aci-objects 3.1 to 3.3). */
function notAllowed(tree: Tree, one: LeafInterface, ports: PortView): ConfigFault | undefined {
  const refuse = (qualifier: string, message: string) => refusedByLeaf(one.object, one.nodeDn, qualifier, message);
  const standard = one.kind === "standard";
  if (standard && one.object.attributes.ifInstT !== "ext-svi") return undefined;
  const relations = standard
    ? tree.childrenOf(one.out.dn, "l3extRsL3DomAtt")
    : tree.childrenOf(one.object.dn, "l3extRsDynPathAtt");
  if (standard && relations.length === 0) {
    return refuse("invalid-vlan", `${one.out.dn} has no routed domain, so ${one.encap} cannot be deployed`);
  }
  if (standard) {
    const dn = one.object.attributes.tDn ?? "";
    const path = ports.paths.get(dn);
    if (!path?.ports.some((port) => port.nodeDn === one.nodeDn)) {
      return refuse("invalid-path", `${dn} has no port on ${one.nodeDn}: no policy group of this name is bound to one`);
    }
    const domains = domainsOf(tree, path.group);
    if (!relations.some((relation) => domains.has(relation.attributes.tDn ?? ""))) {
      return refuse("invalid-path", `the domain of ${one.out.dn} does not have the interface ${dn} assigned to it`);
    }
  }
  const closed = relations.find((relation) => !allowsVlan(tree, targetOf(tree, relation), vlanOf(one.encap)));
  if (closed === undefined) return undefined;
  return refuse("invalid-vlan", `${one.encap} is not in a static block of the VLAN pool of ${closed.attributes.tDn}`);
}

function allowsVlan(tree: Tree, domain: LabObject | undefined, vlan: number): boolean {
  const pool = domain === undefined ? undefined : targetOf(tree, onlyChild(tree, domain.dn, "infraRsVlanNs"));
  if (pool === undefined) return false;
  return tree.childrenOf(pool.dn, "fvnsEncapBlk").some((block) => {
    const mode = block.attributes.allocMode === "inherit" ? pool.attributes.allocMode : block.attributes.allocMode;
    return mode === "static" && vlan >= vlanOf(block.attributes.from) && vlan <= vlanOf(block.attributes.to);
  });
}
