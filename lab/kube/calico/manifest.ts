import type { Json, JsonObject } from "../../../runner/json.ts";
import { isReady, podsOf } from "../controllers/pods.ts";
import type { World } from "../controllers/world.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { type KubeObject, listAt, textAt } from "../objects/kube-object.ts";
import { v3Kind } from "./aggregated-api.ts";
import { podSubnets } from "./installation.ts";

const NAMESPACE = "kube-system";
const MANAGER = "calico-node";

/**
 * Calico from its manifest (facts, cni.md 1.1): DaemonSet calico-node in kube-system, no operator. When the first of its pods runs and there
 * is no pool yet, it makes them from its environment; later changes of the environment change nothing.
 */
export function startManifestInstall(world: World): void {
  const set = world.store.get(builtinOf("DaemonSet").storage, NAMESPACE, "calico-node");
  const definitions = builtinOf("CustomResourceDefinition").storage;
  const isDefined = world.store.get(definitions, undefined, "ippools.crd.projectcalico.org") !== undefined;
  if (set === undefined || !isDefined || !podsOf(world, set).some(isReady)) return;
  const information = v3Kind("ClusterInformation");
  // Made last at the first start: where it is, pools have been thought of.
  if (world.store.get(information.storage, undefined, "default") !== undefined) return;
  const environment = environmentOf(set);
  for (const pool of firstPools(world, environment)) {
    const name = `default-${textAt(pool, "cidr").includes(":") ? "ipv6" : "ipv4"}-ippool`;
    world.ensure(v3Kind("IPPool"), { name }, { spec: pool }, MANAGER);
  }
  const spec = { calicoVersion: imageTag(set), clusterType: environment("CLUSTER_TYPE"), datastoreReady: true };
  world.ensure(information, { name: "default" }, { spec }, MANAGER);
  world.ensure(v3Kind("FelixConfiguration"), { name: "default" }, { spec: {} }, MANAGER);
}

type Environment = (name: string) => string;

function container(set: KubeObject): Json {
  const containers = listAt(set, "spec", "template", "spec", "containers");
  return containers.find((entry) => textAt(entry, "name") === "calico-node") ?? null;
}

function environmentOf(set: KubeObject): Environment {
  const entries = listAt(container(set), "env").map((entry) => [textAt(entry, "name"), textAt(entry, "value")] as const);
  const values = new Map(entries);
  return (name) => values.get(name) ?? "";
}

function imageTag(set: KubeObject): string {
  return textAt(container(set), "image").split("@", 1)[0]?.split(":").at(-1) ?? "";
}

/** Pools by `CALICO_IPV4POOL_*` and `CALICO_IPV6POOL_*`; without a prefix the pod subnet of kubeadm, else Calico's own default. */
function firstPools(world: World, environment: Environment): readonly JsonObject[] {
  if (environment("NO_DEFAULT_POOLS") === "true" || world.store.list(v3Kind("IPPool").storage).length > 0) return [];
  const subnets = podSubnets(world);
  const pool = (family: "4" | "6"): JsonObject => {
    const read = (name: string, otherwise: string) => environment(`CALICO_IPV${family}POOL_${name}`) || otherwise;
    const subnet = subnets.find((cidr) => cidr.includes(":") === (family === "6"));
    return {
      cidr: read("CIDR", subnet ?? (family === "6" ? "fd00:10:244::/64" : "192.168.0.0/16")),
      blockSize: Number(read("BLOCK_SIZE", family === "6" ? "122" : "26")),
      ipipMode: family === "6" ? "Never" : read("IPIP", "Always"),
      vxlanMode: read("VXLAN", "Never"),
      natOutgoing: read("NAT_OUTGOING", family === "6" ? "false" : "true") === "true",
      nodeSelector: read("NODE_SELECTOR", "all()"),
      disableBGPExport: read("DISABLE_BGP_EXPORT", "false") === "true",
      allowedUses: ["Workload", "Tunnel"],
      assignmentMode: "Automatic",
    };
  };
  const v4 = environment("IP") !== "none" ? [pool("4")] : [];
  return environment("FELIX_IPV6SUPPORT") === "true" ? [...v4, pool("6")] : v4;
}
