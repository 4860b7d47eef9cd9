import { stringify } from "yaml";
import type { SecretText } from "../../runner/connect/node.ts";
import type { Secret } from "../../runner/secret.ts";
import type { Discovery } from "./join-discovery.ts";
import type { BootstrapToken } from "./join-token.ts";
import { JOINING } from "./node-marks.ts";

/** A machine that is to join. */
export interface JoiningNode {
  /** Name in inventory and cluster. */
  readonly name: string;
  /** InternalIPs without prefix length, the main family first. */
  readonly addresses: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly controlPlane: boolean;
}

/** Version of kubeadm's configuration: the newest that a kubeadm knows (v1beta4 from Kubernetes 1.31). */
export type ConfigurationVersion = "v1beta3" | "v1beta4";

/** Stand where secrets go; YAML quotes a text that starts so. */
const TOKEN = "@token@";
const KEY = "@key@";

/** What kubeadm taints a control plane node with; naming any taint replaces it. */
const CONTROL_PLANE_TAINT = { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" };

/** The JoinConfiguration of a machine (kubeadm.k8s.io/v1beta3 or v1beta4), with the token and for a control plane node the key. */
export function joinConfiguration(
  node: JoiningNode,
  version: ConfigurationVersion,
  { endpoint, caHashes }: Discovery,
  secrets: { readonly token: BootstrapToken; readonly key: Secret | undefined },
): SecretText {
  const { key } = secrets;
  const labels = Object.entries(node.labels).map(([label, value]) => `${label}=${value}`);
  const kubelet = {
    "node-ip": node.addresses.join(","),
    ...(labels.length === 0 ? {} : { "node-labels": labels.join(",") }),
  };
  const text = stringify({
    apiVersion: `kubeadm.k8s.io/${version}`,
    kind: "JoinConfiguration",
    discovery: { bootstrapToken: { token: TOKEN, apiServerEndpoint: endpoint, caCertHashes: caHashes } },
    nodeRegistration: {
      name: node.name,
      kubeletExtraArgs: version === "v1beta3" ? kubelet : Object.entries(kubelet).map(([name, value]) => ({ name, value })),
      taints: [JOINING, ...(key === undefined ? [] : [CONTROL_PLANE_TAINT])],
    },
    ...(key === undefined
      ? {}
      : { controlPlane: { certificateKey: KEY, localAPIEndpoint: { advertiseAddress: node.addresses[0] } } }),
  });
  return filledIn(text, new Map([[TOKEN, secrets.token.whole], ...(key === undefined ? [] : [[KEY, key] as const])]));
}

/** What `kubeadm init phase upload-certs` needs: the key, and the cluster's own configuration, so that it asks nobody for a version. */
export function uploadConfiguration(clusterConfiguration: string, key: Secret): SecretText {
  // kubeadm reads a file of one version only.
  const version = /^apiVersion: *(\S+)/m.exec(clusterConfiguration)?.[1] ?? "kubeadm.k8s.io/v1beta4";
  const text = stringify({ apiVersion: version, kind: "InitConfiguration", certificateKey: KEY });
  const cluster = clusterConfiguration === "" ? "" : `---\n${clusterConfiguration}`;
  return filledIn(`${text}${cluster}`, new Map([[KEY, key]]));
}

function filledIn(text: string, secrets: ReadonlyMap<string, Secret>): SecretText {
  return text.split(/(@token@|@key@)/).map((part) => secrets.get(part) ?? part);
}
