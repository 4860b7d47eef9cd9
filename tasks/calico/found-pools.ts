import { Address4, Address6 } from "ip-address";
import { parse } from "yaml";
import type { KubeObject } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { type Pool, poolName } from "./pool-schema.ts";

/**
 * The pod networks that a cluster was made with: `podSubnet` of kubeadm's ConfigMap kubeadm-config, or `clusterNetwork` of OpenShift's
 * network.config/cluster. The operator takes no pool outside of them (facts: Calico, section 1.2). Empty: the cluster does not say.
 */
export function podNetworks(objects: readonly KubeObject[]): readonly string[] {
  return objects.flatMap((object) => {
    if (object.kind === "ConfigMap") return kubeadmNetworks(isObject(object.data) ? object.data.ClusterConfiguration : undefined);
    const networks = isObject(object.spec) ? object.spec.clusterNetwork : undefined;
    if (!Array.isArray(networks)) return [];
    return networks.flatMap((network: unknown) => (isObject(network) && typeof network.cidr === "string" ? [network.cidr] : []));
  });
}

function kubeadmNetworks(text: unknown): readonly string[] {
  const configuration: unknown = typeof text === "string" ? parse(text) : undefined;
  const networking = isObject(configuration) ? configuration.networking : undefined;
  const subnets = isObject(networking) && typeof networking.podSubnet === "string" ? networking.podSubnet : "";
  return subnets.split(",").flatMap((subnet) => (subnet.trim() === "" ? [] : [subnet.trim()]));
}

/** Whether a prefix lies in another one. */
export function isWithin(inner: string, outer: string): boolean {
  if (Address4.isValid(inner)) return Address4.isValid(outer) && new Address4(inner).isInSubnet(new Address4(outer));
  return Address6.isValid(outer) && new Address6(inner).isInSubnet(new Address6(outer));
}

/** Pools in the cluster that keep the operator from making the wanted ones: CIDR and block size of a pool never change. */
export function poolConflicts(wanted: readonly Pool[], found: readonly KubeObject[]): readonly string[] {
  return wanted.flatMap(({ family, pod_subnet: subnet, block_size: size }) =>
    found.flatMap(({ metadata: { name }, spec }) => {
      if (!isObject(spec) || typeof spec.cidr !== "string" || !isValid(spec.cidr)) return [];
      const { cidr, blockSize = family === "ipv4" ? 26 : 122 } = spec;
      const overlaps = isWithin(cidr, subnet) || isWithin(subnet, cidr);
      const same = isWithin(cidr, subnet) && isWithin(subnet, cidr) && blockSize === size;
      if (same || (name !== poolName(family) && !overlaps)) return [];
      return [`pool ${name} is ${cidr} in blocks of /${blockSize}, not ${subnet} in blocks of /${size}`];
    }),
  );
}

/** What in the cluster's own pools does not fit the design: a prefix without a pool, an overlay, NAT, no announcement. */
export function poolDoubts(wanted: readonly Pool[], found: readonly KubeObject[]): readonly string[] {
  const pools = found.flatMap(({ metadata: { name }, spec }) =>
    isObject(spec) && typeof spec.cidr === "string" && isValid(spec.cidr) ? [{ name, cidr: spec.cidr, spec }] : [],
  );
  return wanted.flatMap(({ pod_subnet: subnet }) => {
    const own = pools.filter(({ cidr, spec }) => spec.disabled !== true && (isWithin(cidr, subnet) || isWithin(subnet, cidr)));
    if (own.length === 0) return [`no enabled IPPool lies in ${subnet}: pods have other addresses than the fabric expects`];
    return own.flatMap(({ name, cidr, spec }) => [
      ...(isWithin(cidr, subnet) ? [] : [`pool ${name} (${cidr}) is larger than ${subnet}: the fabric drops the rest`]),
      ...["ipipMode", "vxlanMode"].flatMap((mode) =>
        [undefined, "", "Never"].some((off) => spec[mode] === off)
          ? []
          : [`pool ${name}: ${mode} ${spec[mode]} is an overlay that hides pods from the fabric: set it to Never`],
      ),
      ...(spec.natOutgoing === true ? [`pool ${name}: natOutgoing hides pods behind their node: set it to false`] : []),
      ...(spec.disableBGPExport === true ? [`pool ${name}: disableBGPExport keeps it from the leaves: set it to false`] : []),
    ]);
  });
}

function isValid(prefix: string): boolean {
  return Address4.isValid(prefix) || Address6.isValid(prefix);
}
