import { homedir } from "node:os";
import path from "node:path";

/**
 * What kubectl and helm may see of our environment. Everything else stays behind: the variables of a shell often hold tokens that
 * these programs have no need of (design section 7).
 */
const PASSED_ON = [
  "PATH",
  "HOME",
  "USER",
  "TMPDIR",
  "KUBECONFIG",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "XDG_CACHE_HOME",
  "XDG_CONFIG_HOME",
  "XDG_DATA_HOME",
  "HELM_CACHE_HOME",
  "HELM_CONFIG_HOME",
  "HELM_DATA_HOME",
  "HELM_REGISTRY_CONFIG",
  "HELM_REPOSITORY_CACHE",
  "HELM_REPOSITORY_CONFIG",
] as const;

/** The environment of kubectl and helm. `kubeconfig` is a path, `~/` allowed; without it $KUBECONFIG or ~/.kube/config decide. */
export function programEnvironment(kubeconfig: string | undefined): Readonly<Record<string, string>> {
  const environment: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  if (kubeconfig !== undefined) environment.KUBECONFIG = kubeconfigPath(kubeconfig);
  return environment;
}

/** The kubeconfig's absolute path. */
export function kubeconfigPath(kubeconfig: string): string {
  return path.resolve(kubeconfig.startsWith("~/") ? path.join(homedir(), kubeconfig.slice(2)) : kubeconfig);
}
