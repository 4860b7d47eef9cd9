import type { LabNode, LabSpec } from "../spec.ts";
import type { Seed } from "./managed-tree.ts";

/** LACP policy of the servers' bundles: without susp-individual, so that a server can be reached before it has its bond. */
const LACP_POLICY = "lacp-active";
/** Policy group of plain ports. */
const PLAIN_PORTS = "servers";

/**
 * Access policies of a fabric that somebody prepared (white paper, *Access policies*): one VLAN pool for both domains, an AAEP with
 * both, a vPC group for each pair of leaves that share a server, a policy group for each server, and a profile for each leaf.
 */
export function accessSeeds(spec: LabSpec["fabric"], nodes: readonly LabNode[]): readonly Seed[] {
  const pool = `uni/infra/vlanns-[${spec.physicalDomain}]-static`;
  const domains = [`uni/phys-${spec.physicalDomain}`, `uni/l3dom-${spec.routedDomain}`];
  const aaep = `uni/infra/attentp-${spec.physicalDomain}`;
  return [
    { dn: `${pool}/from-[vlan-${spec.vlans.from}]-to-[vlan-${spec.vlans.to}]` },
    ...domains.flatMap((dn) => [{ dn }, { dn: `${dn}/rsvlanNs`, attributes: { tDn: pool } }]),
    ...domains.map((dn) => ({ dn: `${aaep}/rsdomP-[${dn}]` })),
    ...(nodes.length === 0 ? [] : policySeeds()),
    ...pairSeeds(spec, nodes),
    ...nodes.flatMap((node) => groupSeeds(node, aaep)),
    ...spec.leaves.flatMap((leaf) => profileSeeds(leaf, nodes)),
  ];
}

function policySeeds(): readonly Seed[] {
  return [{ dn: `uni/infra/lacplagp-${LACP_POLICY}`, attributes: { mode: "active", ctrl: "fast-sel-hot-stdby,graceful-conv" } }];
}

function pairSeeds(spec: LabSpec["fabric"], nodes: readonly LabNode[]): readonly Seed[] {
  const pairs = new Set(
    nodes.flatMap(({ leaves, policyGroup }) =>
      policyGroup !== undefined && leaves.length === 2 ? [[...leaves].sort((a, b) => a - b).join("-")] : [],
    ),
  );
  return [...pairs].flatMap((name, index) => {
    const dn = `uni/fabric/protpol/expgep-${name}`;
    const members = name.split("-").map((id) => ({
      dn: `${dn}/nodepep-${id}`,
      attributes: { podId: String(spec.leaves.find((leaf) => String(leaf.id) === id)?.pod ?? 1) },
    }));
    return [{ dn, attributes: { id: String(index + 1) } }, ...members];
  });
}

function groupDn({ policyGroup }: LabNode): string {
  return policyGroup === undefined
    ? `uni/infra/funcprof/accportgrp-${PLAIN_PORTS}`
    : `uni/infra/funcprof/accbundle-${policyGroup}`;
}

function groupSeeds(node: LabNode, aaep: string): readonly Seed[] {
  const dn = groupDn(node);
  const attached = { dn: `${dn}/rsattEntP`, attributes: { tDn: aaep } };
  if (node.policyGroup === undefined) return [{ dn }, attached];
  return [
    { dn, attributes: { lagT: node.leaves.length === 2 ? "node" : "link" } },
    attached,
    { dn: `${dn}/rslacpPol`, attributes: { tnLacpLagPolName: LACP_POLICY } },
  ];
}

/** Leaf profile, interface profile and a selector for each server. */
function profileSeeds(leaf: LabSpec["fabric"]["leaves"][number], nodes: readonly LabNode[]): readonly Seed[] {
  const cabled = nodes.flatMap((node) => {
    const port = /^eth(\d+)\/(\d+)$/.exec(node.ports[node.leaves.indexOf(leaf.id)] ?? "");
    return port === null ? [] : [{ node, card: port[1] ?? "", port: port[2] ?? "" }];
  });
  if (cabled.length === 0) return [];
  const ports = `uni/infra/accportprof-${leaf.name}`;
  const id = String(leaf.id);
  return [
    { dn: `uni/infra/nprof-${leaf.name}/leaves-${leaf.name}-typ-range/nodeblk-block1`, attributes: { from_: id, to_: id } },
    { dn: ports },
    { dn: `uni/infra/nprof-${leaf.name}/rsaccPortP-[${ports}]` },
    ...cabled.flatMap(({ node, card, port }) => {
      const selector = `${ports}/hports-${node.name}-typ-range`;
      const block = { fromCard: card, toCard: card, fromPort: port, toPort: port };
      return [
        { dn: `${selector}/portblk-block1`, attributes: block },
        { dn: `${selector}/rsaccBaseGrp`, attributes: { tDn: groupDn(node) } },
      ];
    }),
  ];
}
