import { parseAllDocuments } from "yaml";
import type { Json, JsonObject } from "../../../runner/json.ts";
import { chartSources } from "../chart-sources.ts";
import type { World } from "../controllers/world.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { objectAt, textAt } from "../objects/kube-object.ts";
import type { ClusterSpec } from "../seeds.ts";
import { apiServers, installations } from "./kinds.ts";

/** Who writes what a distribution's installer brings. */
const INSTALLER = "installer";
const BACKEND = { calico_backend: "bird" } as const;

/**
 * Calico as a distribution installed it before any playbook, with the pools that the design needs (facts, cni.md section 6): by the operator
 * with Calico's API server, as on OpenShift, or by manifest without it, as on Tanzu. No helm release knows of it. Done once, when the
 * cluster is new.
 */
export async function preinstallCalico(world: World, { cluster, cni }: ClusterSpec): Promise<void> {
  if (cni.installed === undefined) return;
  const byOperator = cni.installed === "operator";
  for (const definition of await definitions(cni.version)) {
    const name = textAt(definition, "metadata", "name");
    if (!byOperator && name.endsWith(".operator.tigera.io")) continue;
    world.ensure(builtinOf("CustomResourceDefinition"), { name }, { spec: objectAt(definition, "spec") }, INSTALLER);
  }
  const pools = cluster.podSubnets.map((cidr, index) => ({ cidr, blockSize: cni.podPrefixLengths[index] ?? null }));
  if (byOperator) installOperator(world, cni.version, pools);
  else installManifest(world, cni.version, pools);
}

/** Calico's definitions, from the charts that bring them: the operator's own before 3.32, one of their own from then on. */
async function definitions(version: string): Promise<readonly Json[]> {
  const sources = await chartSources("calico", version);
  const source = sources.find(({ name }) => name === "crd.projectcalico.org.v1") ?? sources[0];
  const files = [...(source?.files ?? [])].filter(([file]) =>
    /^(crds|templates)\/.*projectcalico|^(crds|templates)\/operator\./.test(file),
  );
  return files.flatMap(([, text]) => parseAllDocuments(text).map((document): Json => document.toJS()));
}

interface Pool {
  readonly cidr: string;
  readonly blockSize: number | null;
}

function installOperator(world: World, version: string, pools: readonly Pool[]): void {
  const namespace = "tigera-operator";
  world.ensure(builtinOf("Namespace"), { name: namespace }, {}, INSTALLER);
  const labels = { name: namespace, "k8s-app": namespace };
  const deployment = workload(labels, [{ name: namespace, image: "quay.io/tigera/operator:latest", command: ["operator"] }]);
  world.ensure(
    builtinOf("Deployment"),
    { name: namespace, namespace },
    { metadata: { labels: { "k8s-app": namespace, "app.kubernetes.io/version": version } }, ...deployment },
    INSTALLER,
  );
  const ipPools = pools.map((pool) => ({ ...pool, encapsulation: "None", natOutgoing: "Disabled" }));
  const hasV4 = pools.some(({ cidr }) => !cidr.includes(":"));
  const byInternalIp = { kubernetes: "NodeInternalIP" };
  const autodetection = {
    ...(hasV4 ? { nodeAddressAutodetectionV4: byInternalIp } : {}),
    ...(pools.some(({ cidr }) => cidr.includes(":")) ? { nodeAddressAutodetectionV6: byInternalIp } : {}),
  };
  const spec = { calicoNetwork: { bgp: "Enabled", ...autodetection, ipPools } };
  world.ensure(installations, { name: "default" }, { spec }, INSTALLER);
  world.ensure(apiServers, { name: "default" }, { spec: {} }, INSTALLER);
}

function installManifest(world: World, version: string, pools: readonly Pool[]): void {
  const namespace = "kube-system";
  for (const name of ["calico-node", "calico-kube-controllers"]) {
    world.ensure(builtinOf("ServiceAccount"), { name, namespace }, {}, INSTALLER);
  }
  world.ensure(builtinOf("ConfigMap"), { name: "calico-config", namespace }, { data: BACKEND }, INSTALLER);
  const env = Object.entries(environment(pools)).map(([name, value]) => ({ name, value }));
  const image = (name: string) => `quay.io/calico/${name}:${version}`;
  const node = [{ name: "calico-node", image: image("node"), env }];
  const controllers = [{ name: "calico-kube-controllers", image: image("kube-controllers") }];
  const set = workload({ "k8s-app": "calico-node" }, node);
  world.ensure(builtinOf("DaemonSet"), { name: "calico-node", namespace }, set, INSTALLER);
  const deployment = workload({ "k8s-app": "calico-kube-controllers" }, controllers);
  world.ensure(builtinOf("Deployment"), { name: "calico-kube-controllers", namespace }, deployment, INSTALLER);
}

/** calico-node's environment (facts, cni.md 1.1 and 1.8): the pools it makes at its first start, and the families it peers in. */
function environment(pools: readonly Pool[]): Readonly<Record<string, string>> {
  const four = pools.find(({ cidr }) => !cidr.includes(":"));
  const six = pools.find(({ cidr }) => cidr.includes(":"));
  const poolOf = (family: string, { cidr, blockSize }: Pool) => ({
    [`CALICO_${family}POOL_CIDR`]: cidr,
    [`CALICO_${family}POOL_BLOCK_SIZE`]: String(blockSize),
    [`CALICO_${family}POOL_VXLAN`]: "Never",
    [`CALICO_${family}POOL_NAT_OUTGOING`]: "false",
  });
  return {
    CLUSTER_TYPE: "k8s,bgp",
    IP: four === undefined ? "none" : "autodetect",
    ...(four === undefined ? { CALICO_ROUTER_ID: "hash" } : { CALICO_IPV4POOL_IPIP: "Never", ...poolOf("IPV4", four) }),
    ...(six === undefined ? {} : { IP6: "autodetect", FELIX_IPV6SUPPORT: "true", ...poolOf("IPV6", six) }),
  };
}

function workload(labels: JsonObject, containers: readonly JsonObject[]): JsonObject {
  const spec = { hostNetwork: true, tolerations: [{ operator: "Exists" }], containers };
  return { spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } } };
}
