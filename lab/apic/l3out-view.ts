import type { LabObject } from "../parts.ts";
import { ancestor, targetOf } from "./relation.ts";
import type { Tree } from "./tree.ts";

/** An interface of an L3Out on one leaf. */
export interface LeafInterface {
  readonly kind: "floating" | "standard";
  /** l3extVirtualLIfP or l3extRsPathL3OutAtt. */
  readonly object: LabObject;
  readonly out: LabObject;
  /** fvCtx; undefined while the relation is not formed. */
  readonly vrf: LabObject | undefined;
  readonly nodeProfile: LabObject | undefined;
  /** `topology/pod-1/node-101` */
  readonly nodeDn: string;
  /** `vlan-310`, or `unknown`. */
  readonly encap: string;
}

/** The child of a class that an object has at most once. */
export function onlyChild(tree: Tree, dn: string, className: string): LabObject | undefined {
  return tree.childrenOf(dn, className)[0];
}

/** The VRF of an L3Out. */
export function vrfOf(tree: Tree, out: LabObject): LabObject | undefined {
  return targetOf(tree, onlyChild(tree, out.dn, "l3extRsEctx"));
}

/** Leaves that a path names: `topology/pod-1/protpaths-101-102/pathep-[IPG]` is on both. */
export function nodesOfPath(path: string): readonly string[] {
  const match = /^(topology\/pod-\d+)\/(?:prot)?paths-(\d+)(?:-(\d+))?\//.exec(path);
  if (match === null) return [];
  return [match[2], match[3]].filter((id) => id !== undefined).map((id) => `${match[1]}/node-${id}`);
}

/** Every interface of every L3Out, in the order they were configured. */
export function leafInterfaces(tree: Tree): readonly LeafInterface[] {
  const found: LeafInterface[] = [];
  for (const className of ["l3extVirtualLIfP", "l3extRsPathL3OutAtt"]) {
    for (const object of tree.ofClass(className)) {
      const out = ancestor(tree, object.dn, "l3extOut");
      if (out === undefined) continue;
      const nodeProfile = ancestor(tree, object.dn, "l3extLNodeP");
      const floating = className === "l3extVirtualLIfP";
      const nodes = floating ? [object.attributes.nodeDn ?? ""] : nodesOfPath(object.attributes.tDn ?? "");
      for (const nodeDn of nodes) {
        const encap = object.attributes.encap ?? "unknown";
        found.push({
          kind: floating ? "floating" : "standard",
          object,
          out,
          vrf: vrfOf(tree, out),
          nodeProfile,
          nodeDn,
          encap,
        });
      }
    }
  }
  return found;
}

/** The l3extRsNodeL3OutAtt that puts a node profile on a leaf. */
export function nodeAttachment(tree: Tree, nodeProfile: LabObject, nodeDn: string): LabObject | undefined {
  return tree.childrenOf(nodeProfile.dn, "l3extRsNodeL3OutAtt").find((node) => node.attributes.tDn === nodeDn);
}

/** Timers of a node profile when it has its own policy (step 8): the bgpCtxPol behind bgpProtP. */
export function nodeTimers(tree: Tree, nodeProfile: LabObject): LabObject | undefined {
  const protocol = onlyChild(tree, nodeProfile.dn, "bgpProtP");
  if (protocol === undefined) return undefined;
  const relation = onlyChild(tree, protocol.dn, "bgpRsBgpNodeCtxPol");
  return relation?.attributes.tnBgpCtxPolName === "" ? undefined : targetOf(tree, relation);
}
