import type { LeafInterface } from "./l3out-view.ts";
import { domainsOf, type Path } from "./port-view.ts";
import { vlanOf } from "./semantic.ts";
import type { Tree } from "./tree.ts";

/**
 * VLAN tags that a leaf deploys on a path, in order: those of the path's own SVIs, and those of floating SVIs whose domain the ports'
 * AAEP holds (aci-objects 3.2: "the domain + AAEP deploys the VLAN where a host shows up").
 */
export function deployedVlans(tree: Tree, deployed: readonly LeafInterface[]): (nodeDn: string, path: Path) => readonly number[] {
  const onPath = new Map<string, Set<number>>();
  const floating = new Map<string, { readonly vlan: number; readonly domain: string }[]>();
  for (const { kind, object, nodeDn, encap } of deployed) {
    const vlan = vlanOf(encap);
    if (Number.isNaN(vlan)) continue;
    if (kind === "standard") {
      const key = `${nodeDn} ${object.attributes.tDn}`;
      onPath.set(key, (onPath.get(key) ?? new Set()).add(vlan));
      continue;
    }
    const domains = tree.childrenOf(object.dn, "l3extRsDynPathAtt").map((relation) => relation.attributes.tDn ?? "");
    floating.set(nodeDn, [...(floating.get(nodeDn) ?? []), ...domains.map((domain) => ({ vlan, domain }))]);
  }
  return (nodeDn, path) => {
    const domains = domainsOf(tree, path.group);
    const behind = (floating.get(nodeDn) ?? []).filter(({ domain }) => domains.has(domain)).map(({ vlan }) => vlan);
    return [...new Set([...(onPath.get(`${nodeDn} ${path.dn}`) ?? []), ...behind])].sort((a, b) => a - b);
  };
}
