import type { LabSpec } from "../spec.ts";
import type { Seed } from "./managed-tree.ts";

/** APIC release the lab plays, and its switches' (aci-objects 1.11). */
export const RELEASE = "5.2(7f)";

/** Configuration that exists before the playbook runs: what an APIC brings along, and what the paper assumes. */
export function configurationSeeds(spec: LabSpec["fabric"]): readonly Seed[] {
  const pool = `uni/infra/vlanns-[${spec.physicalDomain}]-static`;
  const vlan = (tag: number): string => `vlan-${tag}`;
  const domains = [`uni/phys-${spec.physicalDomain}`, `uni/l3dom-${spec.routedDomain}`];
  const aaep = `uni/infra/attentp-${spec.physicalDomain}`;
  const user = `uni/userext/user-${localName(spec.username)}`;
  return [
    ...["uni/tn-common", "uni/tn-infra", "uni/tn-mgmt"].map((dn) => ({ dn })),
    ...["ctx-default", "bgpCtxP-default", "bgpPfxP-default", "bgpCtxAfP-default", "flt-default/e-default"].map((rn) => ({
      dn: `uni/tn-common/${rn}`,
    })),
    { dn: "uni/tn-common/brc-default/subj-default/rssubjFiltAtt-default" },
    ...spec.vrfs.map(({ tenant, vrf }) => ({ dn: `uni/tn-${tenant}/ctx-${vrf}` })),
    { dn: "uni/infra/funcprof" },
    { dn: `${pool}/from-[${vlan(spec.vlans.from)}]-to-[${vlan(spec.vlans.to)}]` },
    ...domains.flatMap((dn) => [{ dn }, { dn: `${dn}/rsvlanNs`, attributes: { tDn: pool } }]),
    ...domains.map((dn) => ({ dn: `${aaep}/rsdomP-[${dn}]` })),
    { dn: "uni/fabric/bgpInstP-default/as", attributes: { asn: String(spec.asn) } },
    { dn: `uni/fabric/bgpInstP-default/rr/node-${spineId(spec)}` },
    { dn: "uni/fabric/l2pol-default" },
    { dn: "uni/fabric/protpol" },
    { dn: "uni/exportcryptkey", attributes: { strongEncryptionEnabled: "yes", keyConfigured: "yes" } },
    { dn: user, secure: { pwd: spec.password } },
    { dn: `${user}/userdomain-all/role-admin`, attributes: { privType: "writePriv" } },
    ...(spec.certificate === undefined
      ? []
      : [{ dn: `${user}/usercert-${spec.certificate.name}`, attributes: { data: spec.certificate.pem } }]),
  ];
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
export function inventorySeeds(spec: LabSpec["fabric"]): readonly Seed[] {
  const spine = { name: `spine${spineId(spec)}`, id: spineId(spec), pod: spec.leaves[0]?.pod ?? 1 };
  return [
    ...spec.controllers.flatMap(({ name, id }) => nodeSeeds({ name, id, pod: 1, role: "controller" })),
    ...spec.leaves.flatMap(({ name, id, pod }) => nodeSeeds({ name, id, pod, role: "leaf" })),
    ...nodeSeeds({ ...spine, role: "spine" }),
  ];
}

interface FabricNode {
  readonly name: string;
  readonly id: number;
  readonly pod: number;
  readonly role: "controller" | "leaf" | "spine";
}

function nodeSeeds({ name, id, pod, role }: FabricNode): readonly Seed[] {
  const dn = `topology/pod-${pod}/node-${id}`;
  const controller = role === "controller";
  const address = `10.0.${Math.floor(id / 250)}.${(id % 250) + 1}`;
  const version = controller ? RELEASE : `n9000-1${RELEASE}`;
  const common = { id: String(id), name, role, address, serial: `LAB${String(id).padStart(8, "0")}`, version };
  const models = { controller: "APIC-SERVER-M3", leaf: "N9K-C93180YC-FX", spine: "N9K-C9332C" };
  const fabricSt = controller ? "commissioned" : "active";
  return [
    { dn, attributes: { ...common, fabricSt, adSt: "on", model: models[role], vendor: "Cisco Systems, Inc" } },
    { dn: `${dn}/sys`, attributes: { ...common, state: "in-service", podId: String(pod), fabricId: "1", fabricDomain: "lab" } },
    controller
      ? { dn: `${dn}/sys/ctrlrfwstatuscont/ctrlrrunning`, attributes: { version: RELEASE } }
      : { dn: `${dn}/sys/fwstatuscont/running`, attributes: { version, peVer: RELEASE } },
  ];
}
