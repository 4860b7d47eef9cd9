import type { Json, JsonObject } from "../../../runner/json.ts";
import { contains, parsePrefix } from "../addresses/prefix.ts";
import type { World } from "../controllers/world.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { isJsonObject, type KubeObject, listAt, objectAt, textAt, valueAt } from "../objects/kube-object.ts";
import { installations, OPERATOR } from "./kinds.ts";

/** A pool's fields as the operator completes them (Installation API, IPPool; facts, cni.md 1.2). */
function completePool(pool: JsonObject): JsonObject {
  const v6 = textAt(pool, "cidr").includes(":");
  return {
    name: `default-ipv${v6 ? 6 : 4}-ippool`,
    encapsulation: v6 ? "None" : "IPIP",
    natOutgoing: v6 ? "Disabled" : "Enabled",
    nodeSelector: "all()",
    blockSize: v6 ? 122 : 26,
    disableBGPExport: false,
    allowedUses: ["Workload", "Tunnel"],
    assignmentMode: "Automatic",
    ...pool,
  };
}

/** The pools that an Installation asks for, complete. */
export function poolsOf(installation: KubeObject): readonly JsonObject[] {
  return listAt(installation, "spec", "calicoNetwork", "ipPools").filter(isJsonObject).map(completePool);
}

/**
 * Writes the operator's defaults into the Installation, as it does. `ipPools` is one field to server-side apply: when something is
 * added to it, the operator owns it from then on.
 */
export function completeInstallation(world: World, installation: KubeObject): void {
  const network = objectAt(installation, "spec", "calicoNetwork");
  const pools = valueAt(network, "ipPools") === undefined ? defaultPools(world) : poolsOf(installation);
  const calicoNetwork: Record<string, Json> = {
    bgp: "Enabled",
    linuxDataplane: "Iptables",
    windowsDataplane: "Disabled",
    hostPorts: "Enabled",
    multiInterfaceMode: "None",
    containerIPForwarding: "Disabled",
    ...(pools.some(({ cidr }) => !isV6(cidr)) ? { nodeAddressAutodetectionV4: { firstFound: true } } : {}),
    ...(pools.some(({ cidr }) => isV6(cidr)) ? { nodeAddressAutodetectionV6: { firstFound: true } } : {}),
    ...network,
    ipPools: pools,
  };
  const spec: JsonObject = {
    variant: "Calico",
    kubernetesProvider: "",
    cni: { type: "Calico", ipam: { type: "Calico" } },
    ...objectAt(installation, "spec"),
    calicoNetwork,
  };
  world.ensure(installations, { name: "default" }, { spec }, OPERATOR);
}

function isV6(cidr: Json | undefined): boolean {
  return typeof cidr === "string" && cidr.includes(":");
}

function defaultPools(world: World): readonly JsonObject[] {
  return podSubnets(world).map((cidr) => completePool({ cidr }));
}

/** `podSubnet` of kubeadm's ClusterConfiguration; empty where the cluster was not made by kubeadm. */
export function podSubnets(world: World): readonly string[] {
  const config = world.store.get(builtinOf("ConfigMap").storage, "kube-system", "kubeadm-config");
  const found = /^\s*podSubnet:\s*(\S+)$/m.exec(textAt(config, "data", "ClusterConfiguration"))?.[1] ?? "";
  return found.split(",").filter((cidr) => cidr !== "");
}

/** Why the operator would not take the pools; undefined when it does. */
export function poolProblem(world: World, installation: KubeObject): string | undefined {
  const subnets = podSubnets(world);
  for (const pool of poolsOf(installation)) {
    const cidr = textAt(pool, "cidr");
    if (parsePrefix(cidr) === undefined) return `IPPool ${cidr} is not a valid CIDR`;
    if (subnets.length > 0 && !subnets.some((subnet) => contains(subnet, cidr))) {
      return `IPPool ${cidr} is not within the platform's configured pod network CIDR(s)`;
    }
  }
  return undefined;
}
