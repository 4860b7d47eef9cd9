import type { LabObject } from "../parts.ts";
import { onlyChild } from "./l3out-view.ts";
import { targetOf } from "./relation.ts";
import type { Tree } from "./tree.ts";

/** A port of a leaf that access policies give a policy group. */
export interface BoundPort {
  /** `topology/pod-1/node-201` */
  readonly nodeDn: string;
  /** `eth1/11` */
  readonly port: string;
  /** infraAccBndlGrp or infraAccPortGrp. */
  readonly group: LabObject;
}

/** Two leaves that share vPCs (fabricExplicitGEp). */
export interface VpcPair {
  readonly group: LabObject;
  /** The lower node ID first. */
  readonly nodeDns: readonly [string, string];
  readonly ids: readonly [number, number];
  readonly podDn: string;
}

/** A path as L3Outs name it, with the ports that make it. */
export interface Path {
  /** `topology/pod-1/protpaths-201-202/pathep-[master-1]` */
  readonly dn: string;
  readonly kind: "vpc" | "port_channel" | "port";
  readonly group: LabObject;
  readonly ports: readonly BoundPort[];
}

/** What the access policies make of the leaves' ports (aci-objects 4). */
export interface PortView {
  readonly ports: readonly BoundPort[];
  readonly pairs: readonly VpcPair[];
  /** By DN. A vPC has a path when a leaf of a pair has a port in its group. */
  readonly paths: ReadonlyMap<string, Path>;
}

/** Reads profiles with selectors, infraPortConfig and vPC groups. */
export function portView(tree: Tree): PortView {
  const ports = boundPorts(tree);
  const pairs = vpcPairs(tree);
  const pairOf = new Map(pairs.flatMap((pair) => pair.nodeDns.map((dn) => [dn, pair] as const)));
  const paths = new Map<string, Path>();
  for (const port of ports) {
    const { group, nodeDn } = port;
    const kind = kindOf(group);
    const pair = pairOf.get(nodeDn);
    if (kind === "vpc" && pair === undefined) continue;
    const [podDn, id] = [nodeDn.replace(/\/node-\d+$/, ""), nodeDn.replace(/^.*node-/, "")];
    const where = kind === "vpc" && pair !== undefined ? `${pair.podDn}/protpaths-${pair.ids.join("-")}` : `${podDn}/paths-${id}`;
    const dn = `${where}/pathep-[${kind === "port" ? port.port : group.attributes.name}]`;
    paths.set(dn, { dn, kind, group, ports: [...(paths.get(dn)?.ports ?? []), port] });
  }
  return { ports, pairs, paths };
}

function kindOf(group: LabObject): Path["kind"] {
  if (group.className !== "infraAccBndlGrp") return "port";
  return group.attributes.lagT === "node" ? "vpc" : "port_channel";
}

/** Each port once: infraPortConfig before selectors, which came first before what came later. */
function boundPorts(tree: Tree): readonly BoundPort[] {
  const leaves = tree.ofClass("fabricNode").filter((node) => node.attributes.role === "leaf");
  const bound = new Map<string, BoundPort>();
  const bind = (node: LabObject, port: string, group: LabObject | undefined) => {
    const key = `${node.dn} ${port}`;
    if (group !== undefined && !bound.has(key)) bound.set(key, { nodeDn: node.dn, port, group });
  };
  for (const { attributes } of tree.ofClass("infraPortConfig")) {
    const node = leaves.find((leaf) => leaf.attributes.id === attributes.node);
    const { card, port, subPort = "0", assocGrp = "" } = attributes;
    if (node !== undefined) bind(node, `eth${card}/${port}${subPort === "0" ? "" : `/${subPort}`}`, tree.get(assocGrp));
  }
  for (const profile of tree.ofClass("infraNodeP")) {
    const nodes = leaves.filter((leaf) => selects(tree, profile, Number(leaf.attributes.id)));
    if (nodes.length === 0) continue;
    for (const relation of tree.childrenOf(profile.dn, "infraRsAccPortP")) {
      for (const { port, group } of selectedPorts(tree, relation.attributes.tDn ?? "")) {
        for (const node of nodes) bind(node, port, group);
      }
    }
  }
  return [...bound.values()];
}

function selects(tree: Tree, profile: LabObject, id: number): boolean {
  return tree.childrenOf(profile.dn, "infraLeafS").some((selector) => {
    if (selector.attributes.type !== "range") return true;
    const blocks = tree.childrenOf(selector.dn, "infraNodeBlk");
    return blocks.some(({ attributes }) => Number(attributes.from_) <= id && id <= Number(attributes.to_));
  });
}

/** Ports that the selectors of an interface profile name. `ALL` is left out: the lab's leaves have no fixed number of ports. */
function selectedPorts(tree: Tree, profile: string): readonly { readonly port: string; readonly group: LabObject | undefined }[] {
  return tree.childrenOf(profile, "infraHPortS").flatMap((selector) => {
    const group = targetOf(tree, onlyChild(tree, selector.dn, "infraRsAccBaseGrp"));
    const blocks = tree.childrenOf(selector.dn, "infraPortBlk");
    return blocks.flatMap((block) => portsOf(block)).map((port) => ({ port, group }));
  });
}

function portsOf({ attributes }: LabObject): readonly string[] {
  const ports: string[] = [];
  for (let card = Number(attributes.fromCard); card <= Number(attributes.toCard); card++) {
    for (let port = Number(attributes.fromPort); port <= Number(attributes.toPort); port++) ports.push(`eth${card}/${port}`);
  }
  return ports;
}

function vpcPairs(tree: Tree): readonly VpcPair[] {
  return tree.ofClass("fabricExplicitGEp").flatMap((group): readonly VpcPair[] => {
    const nodes = tree
      .childrenOf(group.dn, "fabricNodePEp")
      .map(({ attributes }) => ({ id: Number(attributes.id), pod: attributes.podId ?? "1" }))
      .sort((a, b) => a.id - b.id);
    const [a, b, third] = nodes;
    if (a === undefined || b === undefined || third !== undefined || a.pod !== b.pod) return [];
    const podDn = `topology/pod-${a.pod}`;
    return [{ group, podDn, ids: [a.id, b.id], nodeDns: [`${podDn}/node-${a.id}`, `${podDn}/node-${b.id}`] }];
  });
}

/** DNs of the domains that a policy group's AAEP holds. */
export function domainsOf(tree: Tree, group: LabObject): ReadonlySet<string> {
  const entity = targetOf(tree, onlyChild(tree, group.dn, "infraRsAttEntP"));
  const relations = entity === undefined ? [] : tree.childrenOf(entity.dn, "infraRsDomP");
  return new Set(relations.map((relation) => relation.attributes.tDn ?? ""));
}
