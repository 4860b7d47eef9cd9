import type { FileTree } from "../files.ts";
import { namesIn, remove } from "../files.ts";
import { KUBELET_CREDENTIALS } from "../machine.ts";

/** Where kubeadm keeps what the kubelet runs by itself. */
export const MANIFESTS = "/etc/kubernetes/manifests";
/** The cluster's CA, which a joining node was given. */
export const CA_FILE = "/etc/kubernetes/pki/ca.crt";
/** An administrator's credentials: only control plane nodes have them. */
export const ADMIN_CREDENTIALS = "/etc/kubernetes/admin.conf";

/** Pods of a stacked control plane (kubeadm's implementation details). */
const CONTROL_PLANE_PODS = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"];

/** Puts down what a node has after it has joined. Certificates and keys are no more than names here. */
export function joinedFiles(files: FileTree, controlPlane: boolean): void {
  const now = Date.now();
  const file = (path: string, content: string, mode: number) =>
    files.set(path, { kind: "file", content, mode, owner: "root", group: "root", modified: now });
  files.set("/etc/kubernetes/pki", { kind: "directory", content: "", mode: 0o755, owner: "root", group: "root", modified: now });
  file(KUBELET_CREDENTIALS, "apiVersion: v1\nkind: Config\n", 0o600);
  file(CA_FILE, "", 0o644);
  file("/var/lib/kubelet/config.yaml", "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n", 0o644);
  if (!controlPlane) return;
  file(ADMIN_CREDENTIALS, "apiVersion: v1\nkind: Config\n", 0o600);
  for (const pod of CONTROL_PLANE_PODS) file(`${MANIFESTS}/${pod}.yaml`, "apiVersion: v1\nkind: Pod\n", 0o600);
}

/** `kubeadm reset`: takes them away again; the CNI's configuration stays, as kubeadm says itself. */
export function resetFiles(files: FileTree): void {
  for (const pod of namesIn(files, MANIFESTS)) remove(files, `${MANIFESTS}/${pod}`, "root");
  for (const path of [KUBELET_CREDENTIALS, ADMIN_CREDENTIALS, "/etc/kubernetes/pki", "/var/lib/kubelet/config.yaml"]) {
    remove(files, path, "root");
  }
}
