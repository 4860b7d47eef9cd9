import { createPublicKey } from "node:crypto";
import path from "node:path";
import type { LabSpec } from "../../lab/spec.ts";
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
  const { fabric, l3out, cluster, cni, ipv6 } = all;
  const vlan = need(l3out?.vlan, "l3out.vlan", "all", 1);
  const gateway = withoutLength(need(l3out?.secondary_address, "l3out.secondary_address", "all", ""));

  const controllers = hostsOf(inventory.groups, "apics").map((name, index) => ({
    name,
    id: variables(name).node_id ?? index + 1,
  }));
  const leaves = hostsOf(inventory.groups, "leaves").map((name) => {
    const { node_id: id, rack_id: rack, fabric: own } = variables(name);
    return { name, id: need(id, "node_id", name, 0), pod: own?.pod ?? 1, rack: rack === undefined ? undefined : String(rack) };
  });
  const nodes = hostsOf(inventory.groups, "nodes").map((name, index) => {
    const own = variables(name);
    const cabled = leaves.filter((leaf) => own.leaves?.includes(leaf.name) ?? leaf.rack === String(own.rack_id));
    return {
      name,
      rack: own.rack_id === undefined ? undefined : String(own.rack_id),
      leaves: cabled.map((leaf) => leaf.id),
      ports: cabled.map((leaf) => `eth${own.ports?.[leaf.name] ?? `1/${index + 1}`}`),
      policyGroup: own.attachment === "port" ? undefined : (own.policy_group ?? name),
      interfaces: own.interfaces ?? ["eno1", "eno2"],
      addresses: own.addresses ?? [need(own.address, "address", name, "")],
      gateways: own.gateways ?? [gateway],
      vlan: own.vlan,
      user: own.ansible_user ?? "root",
      sudoPassword: own.ansible_become_password?.reveal(),
      controlPlane: own.control_plane ?? false,
    };
  });
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
      vlans: { from: vlan, to: vlan },
    },
    nodes,
    cluster: {
      name: cluster?.name ?? "kubernetes",
      asn: need(cluster?.asn, "cluster.asn", "all", 0),
      podSubnets: [
        need(cluster?.pod_subnet, "cluster.pod_subnet", "all", ""),
        ...(ipv6?.pod_subnet === undefined ? [] : [ipv6.pod_subnet]),
      ],
      serviceSubnets: [
        need(cluster?.service_subnet, "cluster.service_subnet", "all", ""),
        ...(ipv6?.service_subnet === undefined ? [] : [ipv6.service_subnet]),
      ],
      kubernetesVersion: cluster?.kubernetes_version ?? "v1.35.2",
    },
    cni: {
      name: cni?.name ?? "calico",
      version: need(cni?.version, "cni.version", "all", ""),
      podPrefixLengths: [cni?.block_size ?? 26, ipv6?.block_size ?? 122],
    },
  };
  return problems.length > 0 ? { ok: false, problems: [...new Set(problems)] } : { ok: true, value: spec };
}

function hostsOf(groups: ReadonlyMap<string, readonly string[]>, group: string): readonly string[] {
  return groups.get(group) ?? [];
}

function withoutLength(address: string): string {
  return address.split("/", 1)[0] ?? "";
}

function publicKeyOf(privateKey: string): string {
  return createPublicKey(privateKey).export({ type: "spki", format: "pem" }).toString();
}
