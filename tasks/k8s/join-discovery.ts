import { createHash, X509Certificate } from "node:crypto";
import { parseDocument } from "yaml";
import type { KubeObject, ObjectReference } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { failed, ok, type Result } from "../../runner/result.ts";

/** What a joining node reads before it knows anybody (kubeadm). */
export const CLUSTER_INFO: ObjectReference = {
  apiVersion: "v1",
  kind: "ConfigMap",
  namespace: "kube-public",
  name: "cluster-info",
};
/** What the cluster was made with. */
export const KUBEADM_CONFIG: ObjectReference = {
  apiVersion: "v1",
  kind: "ConfigMap",
  namespace: "kube-system",
  name: "kubeadm-config",
};

/** How a machine finds and trusts the cluster. */
export interface Discovery {
  /** `k8s-api.example.com:6443`. */
  readonly endpoint: string;
  /** `sha256:…` of each CA's public key. */
  readonly caHashes: readonly string[];
  /** ConfigMap kubeadm-config, as it is written there; empty: there is none. */
  readonly clusterConfiguration: string;
}

/** From cluster-info and kubeadm-config; `endpoint` replaces the one they name. */
export function readDiscovery(objects: readonly KubeObject[], endpoint: string | undefined): Result<Discovery> {
  const kubeconfig = textIn(objects, CLUSTER_INFO, "kubeconfig");
  const cluster = clusterOf(kubeconfig);
  const server = typeof cluster.server === "string" ? hostAndPort(cluster.server) : undefined;
  const data = cluster["certificate-authority-data"];
  const caHashes = typeof data === "string" ? hashesOf(Buffer.from(data, "base64").toString()) : [];
  const reached = endpoint ?? server;
  if (caHashes.length > 0 && reached !== undefined) {
    return ok({ endpoint: reached, caHashes, clusterConfiguration: textIn(objects, KUBEADM_CONFIG, "ClusterConfiguration") });
  }
  return failed({
    kind: "failed",
    doing: "reading ConfigMap kube-public/cluster-info",
    message: kubeconfig === "" ? "it is not there" : "it names no API server with a CA certificate",
    meaning: "kubeadm join with a token needs it; kubeadm init makes it, and some remove it afterwards",
    next: "on a control plane node: kubeadm init phase bootstrap-token; or join by other means and run again without join",
  });
}

/** The public key's hash of every certificate in a PEM text, as `--discovery-token-ca-cert-hash` wants it. */
function hashesOf(pem: string): readonly string[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => {
    const key = new X509Certificate(block).publicKey.export({ type: "spki", format: "der" });
    return `sha256:${createHash("sha256").update(key).digest("hex")}`;
  });
}

function hostAndPort(server: string): string | undefined {
  if (!URL.canParse(server)) return undefined;
  const { hostname, port } = new URL(server);
  return `${hostname}:${port === "" ? 443 : port}`;
}

function clusterOf(kubeconfig: string): Readonly<Record<string, unknown>> {
  const document = parseDocument(kubeconfig);
  const config: unknown = document.errors.length > 0 ? undefined : document.toJS();
  const clusters: unknown = isObject(config) ? config.clusters : undefined;
  const [first]: readonly unknown[] = Array.isArray(clusters) ? clusters : [];
  return isObject(first) && isObject(first.cluster) ? first.cluster : {};
}

function textIn(objects: readonly KubeObject[], { namespace, name }: ObjectReference, key: string): string {
  const map = objects.find(
    ({ kind, metadata }) => kind === "ConfigMap" && metadata.name === name && metadata.namespace === namespace,
  );
  const data = isObject(map?.data) ? map.data : {};
  const text = data[key];
  return typeof text === "string" ? text : "";
}
