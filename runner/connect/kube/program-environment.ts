import { homedir } from "node:os";
import path from "node:path";
import type { Secret } from "../../secret.ts";

/** helm's own words for cluster and login. They stay behind: kubectl does not know them, and both must talk to the same cluster. */
const HELM_CLUSTER = /^HELM_KUBE/;

/** Without these the programs do not run at all; a password that happens to be the user's name must not take them away. */
const NEEDED = new Set(["PATH", "HOME", "USER", "TMPDIR", "KUBECONFIG"]);

/** A secret that is shorter could stand in any variable by chance. */
const SHORTEST_TELLING = 4;

/**
 * The environment of kubectl and helm: ours, because a credential plugin of the kubeconfig (`exec:`, such as those of the public clouds)
 * looks for its login there, in variables that nobody here can list. Left out is every variable that holds a secret of this run, such
 * as one that `env()` has read: these programs have no need of it (design section 7).
 *
 * `kubeconfig` is a path, `~/` allowed; without it $KUBECONFIG or ~/.kube/config decide.
 */
export function programEnvironment(kubeconfig: string | undefined, secrets: Iterable<Secret>): Readonly<Record<string, string>> {
  const texts = [...secrets].map((secret) => secret.reveal()).filter((text) => text.length >= SHORTEST_TELLING);
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value === undefined || HELM_CLUSTER.test(name)) continue;
    if (NEEDED.has(name) || !texts.some((text) => value.includes(text))) environment[name] = value;
  }
  // A user's ~/.kube/kuberc may give kubectl other default flags: questions before a deletion, other output.
  environment.KUBERC = "off";
  if (kubeconfig !== undefined) environment.KUBECONFIG = kubeconfigPath(kubeconfig);
  return environment;
}

/**
 * How calicoctl is told its datastore and cluster; a file /etc/calico/calicoctl.cfg of another cluster must not get a say. Variables:
 * Calico reference, "Configure calicoctl to connect to the Kubernetes API datastore"; context: `--context` sets the same variable.
 */
export function calicoctlEnvironment(
  kubeconfig: string | undefined,
  context: string | undefined,
): Readonly<Record<string, string>> {
  const file = kubeconfig ?? process.env.KUBECONFIG ?? "~/.kube/config";
  return {
    DATASTORE_TYPE: "kubernetes",
    KUBECONFIG: kubeconfigPath(file),
    ...(context === undefined ? {} : { K8S_CURRENT_CONTEXT: context }),
  };
}

/** The kubeconfig's absolute path. */
export function kubeconfigPath(kubeconfig: string): string {
  return path.resolve(kubeconfig.startsWith("~/") ? path.join(homedir(), kubeconfig.slice(2)) : kubeconfig);
}
