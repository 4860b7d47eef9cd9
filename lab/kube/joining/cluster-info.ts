import { createHash, X509Certificate } from "node:crypto";
import type { World } from "../controllers/world.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import type { ClusterSpec } from "../seeds.ts";

/** What a joining node reads before it knows anybody. */
export const CLUSTER_INFO = { name: "cluster-info", namespace: "kube-public" } as const;

/** kubeadm's own configuration, which joining nodes take over. */
export const KUBEADM_CONFIG = { name: "kubeadm-config", namespace: "kube-system" } as const;

/** Writes cluster-info: where the API server is, `127.0.0.1:6443`, and whose certificate it shows. */
export function publishClusterInfo(world: World, ca: string, endpoint: string): void {
  const kubeconfig = [
    "apiVersion: v1",
    "clusters:",
    "- cluster:",
    `    certificate-authority-data: ${Buffer.from(ca).toString("base64")}`,
    `    server: https://${endpoint}`,
    '  name: ""',
    "contexts: null",
    'current-context: ""',
    "kind: Config",
    "users: null",
    "",
  ].join("\n");
  world.ensure(builtinOf("ConfigMap"), CLUSTER_INFO, { data: { kubeconfig } }, "kubeadm");
}

/** Writes kubeadm-config; the endpoint is not known before the API server listens. */
export function writeKubeadmConfig(world: World, { cluster }: Pick<ClusterSpec, "cluster">, endpoint?: string): void {
  const ClusterConfiguration = [
    "apiVersion: kubeadm.k8s.io/v1beta4",
    "kind: ClusterConfiguration",
    `clusterName: ${cluster.name}`,
    ...(endpoint === undefined ? [] : [`controlPlaneEndpoint: ${endpoint}`]),
    `kubernetesVersion: ${cluster.kubernetesVersion}`,
    "networking:",
    "  dnsDomain: cluster.local",
    `  podSubnet: ${cluster.podSubnets.join(",")}`,
    `  serviceSubnet: ${cluster.serviceSubnets.join(",")}`,
    "",
  ].join("\n");
  world.ensure(builtinOf("ConfigMap"), KUBEADM_CONFIG, { data: { ClusterConfiguration } }, "kubeadm");
}

/** The hash that `--discovery-token-ca-cert-hash` pins: of the authority's public key, `sha256:…`. */
export function caHash(ca: string): string {
  const key = new X509Certificate(ca).publicKey.export({ type: "spki", format: "der" });
  return `sha256:${createHash("sha256").update(key).digest("hex")}`;
}
