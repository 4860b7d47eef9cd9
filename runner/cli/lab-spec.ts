import { createPublicKey } from "node:crypto";
import path from "node:path";
import type { LabNode, LabSpec } from "../../lab/spec.ts";
import type { AddressPlan, NodePlan } from "../address-plan/plan.ts";
import type { LoadedInventory } from "../load/load.ts";
import { hostVariables } from "../load/overlay.ts";
import type { KnownVariables } from "../load/variables.ts";

/** What an inventory lacks to be rehearsed, one line each. */
export type LabSpecResult =
  | { readonly ok: true; readonly value: LabSpec }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * What the lab has to be for an inventory: the steel and copper that its variables describe. The tenant, VRF, domains and VLAN are
 * there already, as the paper assumes.
 */
export function labSpecOf(loaded: LoadedInventory, directory: string): LabSpecResult {
  const { inventory } = loaded;
  const problems: string[] = [];
  const variables = (host: string): KnownVariables => {
    const rendered = hostVariables(loaded, host);
    if (rendered.kind === "value") return rendered.value;
    problems.push(rendered.kind === "error" ? rendered.diagnostic.message : rendered.reason);
    return {};
  };
  const need = <T>(value: T | undefined, name: string, host: string, otherwise: T): T => {
    if (value === undefined) problems.push(`${host}: the lab needs ${name}`);
    return value ?? otherwise;
  };
  const all = variables("localhost");
  const { fabric, l3out, cluster, cni } = all;
  if (cni?.install === "present" && cni.name !== "calico")
    problems.push(`the lab has no cluster with ${cni.name} already in it: cni.install can be present only for calico`);
  for (const lacking of loaded.lacks) problems.push(`the lab needs ${lacking}`);

  const controllers = hostsOf(inventory.groups, "apics").map((name, index) => ({
    name,
    id: variables(name).node_id ?? index + 1,
  }));
  const leaves = hostsOf(inventory.groups, "leaves").map((name) => {
    const { node_id: id, rack_id: rack, fabric: own, router_id: routerId } = variables(name);
    return {
      name,
      id: need(id, "node_id", name, 0),
      pod: own?.pod ?? 1,
      rack: rack === undefined ? undefined : String(rack),
      routerId,
    };
  });
  const nodes = loaded.plan.nodes.map((planned, index) => labNode(planned, variables(planned.name), loaded.plan, index));
  const spec: LabSpec = {
    directory: path.resolve(directory),
    fabric: {
      asn: need(fabric?.asn, "fabric.asn", "all", 0),
      username: need(fabric?.username, "fabric.username", "all", ""),
      password: fabric?.password?.reveal() ?? "",
      certificate:
        fabric?.certificate !== undefined && fabric.private_key !== undefined
          ? { name: fabric.certificate, pem: publicKeyOf(fabric.private_key.reveal()) }
          : undefined,
      controllers,
      leaves,
      vrfs: [{ tenant: need(l3out?.tenant, "l3out.tenant", "all", ""), vrf: need(l3out?.vrf, "l3out.vrf", "all", "") }],
      prepared: all.access_policies === undefined,
      outside:
        all.transit === undefined
          ? undefined
          : {
              tenant: all.transit.tenant ?? l3out?.tenant ?? "",
              vrf: l3out?.vrf ?? "",
              l3out: all.transit.l3out,
              externalEpg: all.transit.external_epg,
            },
      epgs:
        all.connect_epg === undefined
          ? []
          : [
              {
                tenant: all.connect_epg.tenant ?? l3out?.tenant ?? "",
                applicationProfile: all.connect_epg.application_profile,
                epg: all.connect_epg.epg,
              },
            ],
      physicalDomain: need(l3out?.physical_domain, "l3out.physical_domain", "all", ""),
      routedDomain: need(l3out?.routed_domain, "l3out.routed_domain", "all", ""),
      vlans: vlansOf(all, loaded.plan),
    },
    nodes,
    cluster: {
      name: cluster?.name ?? "kubernetes",
      asn: need(cluster?.asn, "cluster.asn", "all", 0),
      podSubnets: loaded.plan.families.map((family) => family.pod_subnet),
      serviceSubnets: loaded.plan.families.map((family) => family.service_subnet),
      kubernetesVersion: cluster?.kubernetes_version ?? "v1.35.2",
    },
    cni: {
      name: cni?.name ?? "calico",
      version: need(cni?.version, "cni.version", "all", ""),
      offers: cni?.upgrade,
      podPrefixLengths: loaded.plan.families.map((family) => family.block_size),
      installed: cni?.install === "present" ? (cni.namespace === "kube-system" ? "manifest" : "operator") : undefined,
    },
  };
  return problems.length > 0 ? { ok: false, problems: [...new Set(problems)] } : { ok: true, value: spec };
}

function hostsOf(groups: ReadonlyMap<string, readonly string[]>, group: string): readonly string[] {
  return groups.get(group) ?? [];
}

/** A node as it is cabled and was installed: address, gateway and VLAN by the plan. Ports that the inventory does not name are the n-th of each leaf. */
function labNode(planned: NodePlan, own: KnownVariables, plan: AddressPlan, index: number): LabNode {
  const port = plan.ports.find(({ node }) => node === planned.name);
  const path = plan.families[0]?.paths.find(({ node }) => node === planned.name);
  const peers = plan.leaves.filter(({ name }) => planned.leaves.includes(name)).map(({ node_id }) => node_id);
  const leaves = port?.leaves ?? path?.leaves ?? peers.toSorted((a, b) => a - b);
  const type = port?.type ?? path?.type ?? own.attachment;
  return {
    name: planned.name,
    rack: planned.rack_id ?? undefined,
    leaves,
    ports: leaves.map((_, side) => `eth${port?.ports[side] ?? `1/${index + 1}`}`),
    policyGroup: type === "port" ? undefined : (own.policy_group ?? planned.name),
    interfaces: own.interfaces ?? ["eno1", "eno2"],
    addresses: planned.addresses,
    gateways: planned.gateways,
    vlan: planned.vlan ?? undefined,
    user: own.ansible_user ?? "root",
    sudoPassword: own.ansible_become_password?.reveal(),
    controlPlane: own.control_plane ?? false,
  };
}

/** VLANs of the pool that is there: those that the inventory names for it, else all that the L3Out and the nodes use. */
function vlansOf({ access_policies, l3out }: KnownVariables, plan: AddressPlan): LabSpec["fabric"]["vlans"] {
  if (access_policies?.vlans !== undefined) return access_policies.vlans;
  const ofL3Out = [l3out?.vlan, l3out?.vlans?.from, l3out?.vlans?.to].filter((vlan) => vlan !== undefined);
  const used = [...ofL3Out, ...plan.nodes.flatMap(({ vlan }) => vlan ?? [])];
  return used.length === 0 ? { from: 1, to: 1 } : { from: Math.min(...used), to: Math.max(...used) };
}

function publicKeyOf(privateKey: string): string {
  return createPublicKey(privateKey).export({ type: "spki", format: "pem" }).toString();
}
