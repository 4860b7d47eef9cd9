import { writeFileSync } from "node:fs";
import path from "node:path";
import type { TestCluster } from "../../lab/kube/start.ts";

/** What the test cluster asks for as bearer token. */
const TOKEN = "test-only-token";

/** Writes a kubeconfig for a test cluster and gives its path; another `token` or authority makes a wrong one. */
export function writeKubeconfig(lab: TestCluster, options: { readonly token?: string; readonly trusted?: boolean } = {}): string {
  const file = path.join(lab.directory, `kubeconfig-${options.token ?? "good"}-${options.trusted ?? true}`);
  const server = `https://127.0.0.1:${lab.cluster.port}`;
  const trust = options.trusted === false ? {} : { "certificate-authority": path.join(lab.directory, "ca.pem") };
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "lab", cluster: { server, ...trust } }],
    users: [{ name: "lab", user: { token: options.token ?? TOKEN } }],
    contexts: [{ name: "lab", context: { cluster: "lab", user: "lab" } }],
    "current-context": "lab",
  };
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}
