import type { LabObject, LabPort } from "../parts.ts";
import { onlyChild } from "./l3out-view.ts";
import type { BoundPort, Path, PortView, VpcPair } from "./port-view.ts";
import { targetOf } from "./relation.ts";
import type { SwitchObject } from "./switch-object.ts";
import type { Tree } from "./tree.ts";

/** What leaves are told beside the access policies. */
export interface PortFacts {
  /** What is plugged into the leaves. */
  readonly plugged: readonly LabPort[];
  /** VLAN tags that are deployed on a leaf for a policy group. */
  vlans(nodeDn: string, path: Path): readonly number[];
}

/** A port as LACP leaves it: in its bundle, up on its own, or down. */
type MemberState = "bundled" | "individual" | "down";

/** Ports, bundles, vPCs and paths as the leaves run them (aci-objects 6.4). */
export function leafPorts(tree: Tree, view: PortView, facts: PortFacts): readonly SwitchObject[] {
  const objects: SwitchObject[] = [];
  const put = (className: string, dn: string, attributes: Readonly<Record<string, string>> = {}) =>
    objects.push({ className, dn, attributes });
  const leaves = new Map(tree.ofClass("fabricNode").map((node) => [Number(node.attributes.id), node.dn]));
  const plugged = new Map<string, LabPort>();
  for (const port of facts.plugged) plugged.set(`${leaves.get(port.leafId)} ${port.port}`, port);
  const bundleOf = new Map<string, { readonly id: string; readonly state: MemberState }>();

  const bundles = bundlesByLeaf(view);
  for (const pair of view.pairs) for (const dn of pair.nodeDns) putPair(pair, dn, tree, put);
  for (const path of view.paths.values()) {
    const lagT = { vpc: "node", port_channel: "link", port: "not-aggregated" }[path.kind];
    put("fabricPathEp", path.dn, { lagT });
  }
  for (const { nodeDn, path, number, ports } of bundles) {
    const id = `po${number}`;
    const lacp = lacpOf(tree, path.group);
    const states = ports.map((port) => memberState(plugged.get(`${nodeDn} ${port.port}`), lacp));
    for (const [index, port] of ports.entries()) {
      bundleOf.set(`${nodeDn} ${port.port}`, { id, state: states[index] ?? "down" });
    }
    const up = states.filter((state) => state === "bundled").length;
    const operSt = up >= lacp.minLinks ? "up" : "down";
    const dn = `${nodeDn}/sys/aggr-[${id}]`;
    put("pcAggrIf", dn, { name: path.group.attributes.name ?? "", operSt, pcMode: lacp.mode === "off" ? "on" : lacp.mode });
    put("ethpmAggrIf", `${dn}/aggrif`, { operSt, numMbrUp: String(up) });
    for (const [index, port] of ports.entries()) {
      const tDn = `${nodeDn}/sys/phys-[${port.port}]`;
      put("pcRsMbrIfs", `${dn}/rsmbrIfs-[${tDn}]`, { state: states[index] === "bundled" ? "formed" : "unformed" });
    }
  }
  putVpcs(view, bundles, objects, facts, put);
  const known = new Set([...view.ports.map(({ nodeDn, port }) => `${nodeDn} ${port}`), ...plugged.keys()]);
  for (const key of known) putPort(key, plugged.get(key), bundleOf.get(key), put);
  return objects;
}

type Put = (className: string, dn: string, attributes?: Readonly<Record<string, string>>) => void;

/** A port channel, or one leaf's half of a vPC. */
interface Bundle {
  readonly nodeDn: string;
  readonly path: Path;
  /** Port channel number on this leaf. */
  readonly number: number;
  readonly ports: readonly BoundPort[];
}

function bundlesByLeaf(view: PortView): readonly Bundle[] {
  const counts = new Map<string, number>();
  const bundles: Bundle[] = [];
  for (const path of view.paths.values()) {
    if (path.kind === "port") continue;
    for (const nodeDn of new Set(path.ports.map((port) => port.nodeDn))) {
      const number = (counts.get(nodeDn) ?? 0) + 1;
      counts.set(nodeDn, number);
      bundles.push({ nodeDn, path, number, ports: path.ports.filter((port) => port.nodeDn === nodeDn) });
    }
  }
  return bundles;
}

interface Lacp {
  readonly mode: string;
  readonly suspends: boolean;
  readonly minLinks: number;
}

/** LACP policy of a group; the default policy has mode off. */
function lacpOf(tree: Tree, group: LabObject): Lacp {
  const {
    mode = "off",
    ctrl = "",
    minLinks = "1",
  } = targetOf(tree, onlyChild(tree, group.dn, "infraRsLacpPol"))?.attributes ?? {};
  return { mode, suspends: ctrl.split(",").includes("susp-individual"), minLinks: Number(minLinks) };
}

/** Without LACP from the server a port is suspended, or runs on its own when the policy does not say susp-individual. */
function memberState(port: LabPort | undefined, { mode, suspends }: Lacp): MemberState {
  if (port?.up !== true) return "down";
  if (port.lacp || mode === "off") return "bundled";
  return suspends ? "down" : "individual";
}

function putPair(pair: VpcPair, nodeDn: string, tree: Tree, put: Put): void {
  if (tree.get(nodeDn) === undefined) return;
  const whole = pair.nodeDns.every((dn) => tree.get(dn) !== undefined);
  put("vpcDom", domainDn(pair, nodeDn), {
    peerSt: whole ? "up" : "down",
    compatSt: "pass",
    operRole: pair.nodeDns[0] === nodeDn ? "elected-master" : "elected-slave",
  });
}

function domainDn(pair: VpcPair, nodeDn: string): string {
  return `${nodeDn}/sys/vpc/inst/dom-${pair.group.attributes.id}`;
}

/** VpcIf of both halves: the best single sign of a bonded server. Its ID is the same on both leaves. */
function putVpcs(view: PortView, bundles: readonly Bundle[], objects: readonly SwitchObject[], facts: PortFacts, put: Put): void {
  const stateOf = new Map(
    objects.filter(({ className }) => className === "pcAggrIf").map((one) => [one.dn, one.attributes.operSt]),
  );
  const halves = new Map<string, Bundle>();
  for (const bundle of bundles) halves.set(`${bundle.nodeDn} ${bundle.path.dn}`, bundle);
  const aggregate = ({ nodeDn, number }: Bundle): string => `${nodeDn}/sys/aggr-[po${number}]`;
  const ids = new Map([...view.paths.values()].filter(({ kind }) => kind === "vpc").map(({ dn }, index) => [dn, 343 + index]));
  for (const pair of view.pairs) {
    const [a, b] = pair.nodeDns;
    for (const [nodeDn, other] of [
      [a, b],
      [b, a],
    ] as const) {
      for (const [dn, id] of ids) {
        const own = halves.get(`${nodeDn} ${dn}`);
        if (own === undefined) continue;
        const remote = halves.get(`${other} ${dn}`);
        const vpc = `${domainDn(pair, nodeDn)}/if-${id}`;
        const localOperSt = stateOf.get(aggregate(own)) ?? "down";
        const vlans = facts.vlans(nodeDn, own.path).join(",");
        put("vpcIf", vpc, {
          name: own.path.group.attributes.name ?? "",
          fabricPathDn: dn,
          accBndlGrpDn: own.path.group.dn,
          compatSt: "pass",
          localOperSt,
          remoteOperSt: (remote && stateOf.get(aggregate(remote))) ?? "down",
          cfgdVlans: vlans,
          upVlans: localOperSt === "up" ? vlans : "",
          suspVlans: localOperSt === "up" ? "" : vlans,
        });
        put("vpcRsVpcConf", `${vpc}/rsvpcConf`, { tDn: aggregate(own), tCl: "pcAggrIf", state: "formed" });
      }
    }
  }
}

function putPort(
  key: string,
  link: LabPort | undefined,
  bundle: { readonly id: string; readonly state: MemberState } | undefined,
  put: Put,
): void {
  const [nodeDn = "", port = ""] = key.split(" ");
  const dn = `${nodeDn}/sys/phys-[${port}]`;
  const suspended = link?.up === true && bundle?.state === "down";
  const up = link?.up === true && !suspended;
  put("l1PhysIf", dn, { id: port });
  put("ethpmPhysIf", `${dn}/phys`, {
    operSt: up ? "up" : "down",
    operStQual: up ? "none" : suspended ? "suspended-due-to-no-lacp-pdus" : "link-failure",
    operSpeed: up ? "25G" : "inherit",
    bundleIndex: bundle?.state === "bundled" ? bundle.id : "unspecified",
  });
  if (link?.up !== true) return;
  put("lldpAdjEp", `${nodeDn}/sys/lldp/inst/if-[${port}]/adj-1`, { sysName: link.node });
}
