import type { LabObject } from "../parts.ts";
import type { PolicyTree } from "./policy-tree.ts";

/** A port of a leaf, `201 eth1/11`. */
export type LeafPort = string;

/** How the access policies configure a port (aci-objects 4). */
export interface PortBinding {
  readonly leafId: number;
  readonly port: LeafPort;
  /** Name of the policy group: what a path calls a bundle. */
  readonly group: string;
  /** vpc and port-channel groups are paths of their own; a plain port is addressed as itself. */
  readonly bundle: "vpc" | "port-channel" | "port";
  /** Domains that the group's AAEP allows. */
  readonly domains: ReadonlySet<string>;
}

/** The port of a node or a path as a key. */
export function leafPort(leafId: number, port: string): LeafPort {
  return `${leafId} ${port}`;
}

/** Every port that has a policy group, by profiles and selectors or by infraPortConfig (aci-objects 4). */
export function portBindings(tree: PolicyTree): readonly PortBinding[] {
  return [...bySelectors(tree), ...byPortConfig(tree)];
}

function bySelectors(tree: PolicyTree): PortBinding[] {
  return tree.ofClass("infraNodeP").flatMap((profile) => {
    const leaves = tree.children(profile.dn, "infraLeafS").flatMap((selector) => nodeIds(tree, selector));
    const interfaces = tree.children(profile.dn, "infraRsAccPortP").flatMap(({ attributes }) => attributes.tDn ?? []);
    return interfaces
      .flatMap((dn) => tree.children(dn, "infraHPortS"))
      .flatMap((selector) => {
        const group = tree.children(selector.dn, "infraRsAccBaseGrp")[0]?.attributes.tDn ?? "";
        const ports = tree.children(selector.dn, "infraPortBlk").flatMap(portsOf);
        return leaves.flatMap((leafId) => ports.flatMap((port) => binding(tree, leafId, port, group)));
      });
  });
}

function nodeIds(tree: PolicyTree, selector: LabObject): number[] {
  return tree.children(selector.dn, "infraNodeBlk").flatMap(({ attributes }) => range(attributes.from_, attributes.to_));
}

function portsOf({ attributes }: LabObject): string[] {
  const { fromCard = "1", toCard = "1", fromPort = "1", toPort = "1" } = attributes;
  return range(fromCard, toCard).flatMap((card) => range(fromPort, toPort).map((port) => `eth${card}/${port}`));
}

function range(from: string | undefined, to: string | undefined): number[] {
  const [first, last] = [Number(from), Number(to ?? from)];
  return Number.isInteger(first) && last >= first ? Array.from({ length: last - first + 1 }, (_, index) => first + index) : [];
}

function byPortConfig(tree: PolicyTree): PortBinding[] {
  return tree.ofClass("infraPortConfig").flatMap(({ attributes }) => {
    if (attributes.shutdown === "yes") return [];
    return binding(tree, Number(attributes.node), `eth${attributes.card}/${attributes.port}`, attributes.assocGrp ?? "");
  });
}

function binding(tree: PolicyTree, leafId: number, port: string, groupDn: string): PortBinding[] {
  const group = tree.get(groupDn);
  if (group === undefined) return [];
  const isBundle = group.className === "infraAccBndlGrp";
  const aaep = tree.children(groupDn, "infraRsAttEntP")[0]?.attributes.tDn ?? "";
  const domains = tree.children(aaep, "infraRsDomP").flatMap(({ attributes }) => attributes.tDn ?? []);
  return [
    {
      leafId,
      port: leafPort(leafId, port),
      group: group.attributes.name ?? "",
      bundle: !isBundle ? "port" : group.attributes.lagT === "node" ? "vpc" : "port-channel",
      domains: new Set(domains),
    },
  ];
}

/**
 * Ports behind a path of an L3Out, on all leaves it names; empty when no port is bound to it: `topology/pod-1/protpaths-201-202/pathep-[GROUP]`,
 * `…/paths-201/pathep-[GROUP]`, `…/paths-201/pathep-[eth1/11]`.
 */
export function portsOfPath(tree: PolicyTree, bindings: readonly PortBinding[], path: string, domain: string): Set<LeafPort> {
  const match = /^topology\/pod-\d+\/(prot)?paths-(\d+)(?:-(\d+))?\/pathep-\[(.+)\]$/.exec(path);
  if (match === null) return new Set();
  const leaves = [match[2], match[3]].filter((id) => id !== undefined).map(Number);
  const [isVpc, end] = [match[1] === "prot", match[4] ?? ""];
  if (isVpc && !isVpcPair(tree, leaves)) return new Set();
  const found = bindings.filter((one) => {
    if (!leaves.includes(one.leafId) || !one.domains.has(domain)) return false;
    if (one.bundle === "port") return !isVpc && one.port === leafPort(one.leafId, end);
    return one.group === end && isVpc === (one.bundle === "vpc");
  });
  return new Set(found.map((one) => one.port));
}

/** Whether leaves are a vPC domain (fabricExplicitGEp). */
function isVpcPair(tree: PolicyTree, leaves: readonly number[]): boolean {
  return tree.ofClass("fabricExplicitGEp").some((group) => {
    const members = tree.children(group.dn, "fabricNodePEp").map(({ attributes }) => Number(attributes.id));
    return leaves.every((leaf) => members.includes(leaf));
  });
}
