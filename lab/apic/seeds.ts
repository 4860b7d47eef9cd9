import type { LabNode, LabSpec } from "../spec.ts";
import { accessSeeds } from "./access-seeds.ts";
import type { InjectedFaults } from "./injected-fault.ts";
import type { Seed } from "./managed-tree.ts";
import { neighbourSeeds } from "./neighbour-seeds.ts";

/** APIC release the lab plays unless told otherwise, and its switches' (aci-objects 1.11). */
export const RELEASE = "5.2(7f)";

/** What the seeds are made from. */
export interface FabricFacts {
  readonly spec: LabSpec["fabric"];
  readonly nodes: readonly LabNode[];
  readonly faults: Pick<InjectedFaults, "noAesKey" | "noRouteReflectors">;
  /** APIC release, `5.2(7f)`. */
  readonly release: string;
}

/** Policies of the name `default` that every APIC has; empty relations resolve to them. */
const DEFAULTS: readonly string[] = [
  ...["ctx-default", "bgpCtxP-default", "bgpPfxP-default", "bgpCtxAfP-default", "ospfIfPol-default"].map(
    (rn) => `uni/tn-common/${rn}`,
  ),
  "uni/tn-common/flt-default/e-default",
  "uni/tn-common/brc-default/subj-default/rssubjFiltAtt-default",
  ...["lacplagp", "lldpIfP", "cdpIfP", "hintfpol", "mcpIfP", "l2IfP", "ifPol", "fwdscalepol"].map(
    (rn) => `uni/infra/${rn}-default`,
  ),
  "uni/fabric/vpcInst-default",
  "uni/fabric/l2pol-default",
];

/** Configuration that exists before the playbook runs: what an APIC brings along, and what the paper assumes. */
export function configurationSeeds({ spec, nodes, faults }: FabricFacts): readonly Seed[] {
  const user = `uni/userext/user-${localName(spec.username)}`;
  const key = faults.noAesKey ? "no" : "yes";
  return [
    ...["uni/tn-common", "uni/tn-infra", "uni/tn-mgmt", ...DEFAULTS].map((dn) => ({ dn })),
    ...spec.vrfs.map(({ tenant, vrf }) => ({ dn: `uni/tn-${tenant}/ctx-${vrf}` })),
    { dn: "uni/infra/funcprof" },
    { dn: "uni/fabric/protpol" },
    { dn: "uni/fabric/bgpInstP-default/as", attributes: { asn: String(spec.asn) } },
    ...(faults.noRouteReflectors ? [] : [{ dn: routeReflector(spec) }]),
    { dn: "uni/exportcryptkey", attributes: { strongEncryptionEnabled: key, keyConfigured: key } },
    ...(spec.prepared ? accessSeeds(spec, nodes) : []),
    ...neighbourSeeds(spec),
    { dn: user, secure: { pwd: spec.password } },
    { dn: `${user}/userdomain-all/role-admin`, attributes: { privType: "writePriv" } },
    ...(spec.certificate === undefined
      ? []
      : [{ dn: `${user}/usercert-${spec.certificate.name}`, attributes: { data: spec.certificate.pem } }]),
  ];
}

/** DNs of what a fault takes away although an earlier run may have laid it. */
export function absentSeeds({ spec, faults }: FabricFacts): readonly string[] {
  return faults.noRouteReflectors ? [routeReflector(spec)] : [];
}

function routeReflector(spec: LabSpec["fabric"]): string {
  return `uni/fabric/bgpInstP-default/rr/node-${spineId(spec)}`;
}

/** Name of a user without the login domain: `apic:tacacs\admin` is `admin` (aci-objects 1.1). */
export function localName(username: string): string {
  return /^apic[:#][^\\]*\\+(.+)$/.exec(username)?.[1] ?? username;
}

/** A node ID that no leaf and no controller has, for the spine that reflects routes. */
function spineId(spec: LabSpec["fabric"]): number {
  const taken = new Set([...spec.leaves, ...spec.controllers].map((node) => node.id));
  let id = 101;
  while (taken.has(id)) id++;
  return id;
}

/** Controllers, leaves and the spine with their health and releases. */
export function inventorySeeds({ spec, release }: FabricFacts): readonly Seed[] {
  const spine = { name: `spine${spineId(spec)}`, id: spineId(spec), pod: spec.leaves[0]?.pod ?? 1 };
  return [
    ...spec.controllers.flatMap(({ name, id }) => nodeSeeds({ name, id, pod: 1, role: "controller" }, release)),
    ...spec.leaves.flatMap(({ name, id, pod }) => nodeSeeds({ name, id, pod, role: "leaf" }, release)),
    ...nodeSeeds({ ...spine, role: "spine" }, release),
  ];
}

interface FabricNode {
  readonly name: string;
  readonly id: number;
  readonly pod: number;
  readonly role: "controller" | "leaf" | "spine";
}

function nodeSeeds({ name, id, pod, role }: FabricNode, release: string): readonly Seed[] {
  const dn = `topology/pod-${pod}/node-${id}`;
  const controller = role === "controller";
  const address = `10.0.${Math.floor(id / 250)}.${(id % 250) + 1}`;
  const version = controller ? release : `n9000-1${release}`;
  const common = { id: String(id), name, role, address, serial: `LAB${String(id).padStart(8, "0")}`, version };
  const models = { controller: "APIC-SERVER-M3", leaf: "N9K-C93180YC-FX", spine: "N9K-C9332C" };
  const fabricSt = controller ? "commissioned" : "active";
  return [
    { dn, attributes: { ...common, fabricSt, adSt: "on", model: models[role], vendor: "Cisco Systems, Inc" } },
    { dn: `${dn}/sys`, attributes: { ...common, state: "in-service", podId: String(pod), fabricId: "1", fabricDomain: "lab" } },
    controller
      ? { dn: `${dn}/sys/ctrlrfwstatuscont/ctrlrrunning`, attributes: { version: release } }
      : { dn: `${dn}/sys/fwstatuscont/running`, attributes: { version, peVer: release } },
  ];
}
