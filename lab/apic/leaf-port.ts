import type { LabPort } from "../parts.ts";
import { type Bundle, bundlesOf } from "./bundle.ts";
import type { Path, PortView, VpcPair } from "./port-view.ts";
import type { SwitchObject } from "./switch-object.ts";
import type { Tree } from "./tree.ts";

/** What leaves are told beside the access policies. */
export interface PortFacts {
  /** What is plugged into the leaves. */
  readonly plugged: readonly LabPort[];
  /** VLAN tags that are deployed on a leaf for a policy group. */
  vlans(nodeDn: string, path: Path): readonly number[];
}

/** Ports, bundles, vPCs and paths as the leaves run them (aci-objects 6.4). */
export function leafPorts(tree: Tree, view: PortView, facts: PortFacts): readonly SwitchObject[] {
  const leaves = new Map(tree.ofClass("fabricNode").map((node) => [Number(node.attributes.id), node.dn]));
  const plugged = new Map(facts.plugged.map((port) => [`${leaves.get(port.leafId)} ${port.port}`, port]));
  const bundles = bundlesOf(tree, view, plugged);
  const bundleOf = new Map(bundles.flatMap((bundle) => bundle.members.map(({ key }) => [key, bundle] as const)));
  const ports = new Set([...view.ports.map(({ nodeDn, port }) => `${nodeDn} ${port}`), ...plugged.keys()]);
  return [
    ...[...view.paths.values()].map(({ dn, kind }) => object("fabricPathEp", dn, { lagT: LAG_TYPES[kind] })),
    ...bundles.flatMap(aggregate),
    ...view.pairs.flatMap((pair) => pair.nodeDns.flatMap((nodeDn) => vpcDomain(tree, pair, nodeDn))),
    ...vpcs(view, bundles, facts),
    ...[...ports].flatMap((key) => physical(key, plugged.get(key), bundleOf.get(key))),
  ];
}

const LAG_TYPES: Readonly<Record<Path["kind"], string>> = { vpc: "node", port_channel: "link", port: "not-aggregated" };

function object(className: string, dn: string, attributes: SwitchObject["attributes"] = {}): SwitchObject {
  return { className, dn, attributes };
}

function aggregate({ dn, path, lacp, up, members }: Bundle): readonly SwitchObject[] {
  const operSt = up ? "up" : "down";
  const bundled = members.filter(({ state }) => state === "bundled").length;
  return [
    object("pcAggrIf", dn, {
      name: path.group.attributes.name ?? "",
      operSt,
      pcMode: lacp.mode === "off" ? "on" : lacp.mode,
    }),
    object("ethpmAggrIf", `${dn}/aggrif`, { operSt, numMbrUp: String(bundled) }),
    ...members.map(({ dn: member, state }) =>
      object("pcRsMbrIfs", `${dn}/rsmbrIfs-[${member}]`, { state: state === "bundled" ? "formed" : "unformed" }),
    ),
  ];
}

function domainDn(pair: VpcPair, nodeDn: string): string {
  return `${nodeDn}/sys/vpc/inst/dom-${pair.group.attributes.id}`;
}

function vpcDomain(tree: Tree, pair: VpcPair, nodeDn: string): readonly SwitchObject[] {
  if (tree.get(nodeDn) === undefined) return [];
  const peerSt = pair.nodeDns.every((dn) => tree.get(dn) !== undefined) ? "up" : "down";
  const operRole = pair.nodeDns[0] === nodeDn ? "elected-master" : "elected-slave";
  return [object("vpcDom", domainDn(pair, nodeDn), { peerSt, operRole, compatSt: "pass" })];
}

/** Number that the first vPC's interface gets, far from what reads like a port. */
const FIRST_VPC = 343;

/** VpcIf of both leaves, the best single sign of a bonded server; a vPC has the same number on both. */
function vpcs(view: PortView, bundles: readonly Bundle[], facts: PortFacts): readonly SwitchObject[] {
  const pairOf = new Map(view.pairs.flatMap((pair) => pair.nodeDns.map((dn) => [dn, pair] as const)));
  const byPath = new Map<string, Bundle[]>();
  for (const bundle of bundles) {
    if (bundle.path.kind === "vpc") byPath.set(bundle.path.dn, [...(byPath.get(bundle.path.dn) ?? []), bundle]);
  }
  return [...byPath.values()].flatMap((halves, index) =>
    halves.flatMap((own): readonly SwitchObject[] => {
      const pair = pairOf.get(own.nodeDn);
      if (pair === undefined) return [];
      const remote = halves.find((half) => half !== own);
      const dn = `${domainDn(pair, own.nodeDn)}/if-${FIRST_VPC + index}`;
      const vlans = facts.vlans(own.nodeDn, own.path).join(",");
      return [
        object("vpcIf", dn, {
          name: own.path.group.attributes.name ?? "",
          fabricPathDn: own.path.dn,
          accBndlGrpDn: own.path.group.dn,
          compatSt: "pass",
          localOperSt: own.up ? "up" : "down",
          remoteOperSt: remote?.up === true ? "up" : "down",
          cfgdVlans: vlans,
          upVlans: own.up ? vlans : "",
          suspVlans: own.up ? "" : vlans,
        }),
        object("vpcRsVpcConf", `${dn}/rsvpcConf`, { tDn: own.dn, tCl: "pcAggrIf", state: "formed" }),
      ];
    }),
  );
}

/** A port: whether its link is up, whether LACP lets it pass traffic, and who is at the other end. */
function physical(key: string, link: LabPort | undefined, bundle: Bundle | undefined): readonly SwitchObject[] {
  const [nodeDn = "", port = ""] = key.split(" ");
  const dn = `${nodeDn}/sys/phys-[${port}]`;
  const state = bundle?.members.find((member) => member.key === key)?.state;
  const linked = link?.up === true;
  const up = linked && state !== "down";
  const status = {
    operSt: up ? "up" : "down",
    operStQual: up ? "none" : linked ? "suspended-due-to-no-lacp-pdus" : "link-failure",
    operSpeed: up ? "25G" : "inherit",
    bundleIndex: bundle !== undefined && state === "bundled" ? bundle.id : "unspecified",
  };
  const seen = linked ? [object("lldpAdjEp", `${nodeDn}/sys/lldp/inst/if-[${port}]/adj-1`, { sysName: link.node })] : [];
  return [object("l1PhysIf", dn, { id: port }), object("ethpmPhysIf", `${dn}/phys`, status), ...seen];
}
