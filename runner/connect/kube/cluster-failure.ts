import type { Failure } from "../../result.ts";
import { conflictFailure } from "./conflict.ts";

/** A failure of kubectl or helm, and whether the same call may well work a moment later. */
export interface ClusterFailure {
  readonly failure: Failure;
  readonly transient: boolean;
}

interface Rule {
  /** Only for commands that begin like this. */
  readonly during?: string;
  readonly says: RegExp;
  readonly kind: Failure["kind"];
  readonly transient: boolean;
  readonly meaning: string;
  readonly next: string;
}

/** What the programs say, most telling first. Texts are those of kubectl 1.2x to 1.35, helm 3 and 4, and the API server. */
const rules: readonly Rule[] = [
  {
    during: "kubectl",
    says: /^error: unknown (flag|shorthand flag|command)/im,
    kind: "failed",
    transient: false,
    meaning: "this kubectl is too old, or no kubectl: it does not know what every kubectl since 1.27 knows",
    next: "install kubectl 1.27 or later (kubectl version --client), or name it with the variable cluster.kubectl",
  },
  {
    during: "helm",
    says: /^error: unknown (flag|shorthand flag|command)/im,
    kind: "failed",
    transient: false,
    meaning: "this helm is too old: `helm get metadata` came with helm 3.13",
    next: "install helm 3.13 or later (helm version), or name it with the variable cluster.helm",
  },
  {
    during: "calicoctl",
    says: /version mismatch/i,
    kind: "failed",
    transient: false,
    meaning: "calicoctl works only with a cluster of exactly its own version of Calico",
    next: "install the calicoctl of the cluster's version, and name it with the variable cni.calicoctl",
  },
  {
    during: "helm upgrade",
    says: /deadline exceeded|timed out waiting|not ready/,
    kind: "failed",
    transient: false,
    meaning:
      "the release was written, but its workloads did not come up in time: an image that cannot be pulled, or no node to run on",
    next: "look at kubectl get pods,events in the release's namespace, then run again, with a larger timeout if need be",
  },
  {
    says: /context "?[^"]*"? ?(does not exist|was not found)|context was not found/,
    kind: "failed",
    transient: false,
    meaning: "the kubeconfig has no such context",
    next: "correct cluster.context, or list the contexts: kubectl config get-contexts",
  },
  {
    says: /x509:|tls: |certificate (has expired|signed by unknown)/,
    kind: "unreachable",
    transient: false,
    meaning: "the API server's certificate is not one that the kubeconfig's CA signed for this address",
    next: "check server and certificate-authority-data of the kubeconfig",
  },
  {
    says: /connection refused|was refused - did you specify|no such host|network is unreachable|no route to host/,
    kind: "unreachable",
    transient: true,
    meaning: "nothing answers at the API server's address",
    next: "check the server address in the kubeconfig, cluster.kubeconfig and cluster.context, and that the control plane is up",
  },
  {
    says: /i\/o timeout|TLS handshake timeout|deadline exceeded|Client\.Timeout|connection reset by peer|unexpected EOF|: EOF|http2: .*(GOAWAY|lost)/,
    kind: "unreachable",
    transient: true,
    meaning: "the API server, or something between, dropped the connection",
    next: "run again; if it stays, look at the load balancer in front of the control plane",
  },
  {
    says: /failed to download openapi|TooManyRequests|ServiceUnavailable|InternalError|currently unable to handle|etcdserver: |apiserver is shutting down|StorageError|Error from server \(Timeout\)|stale GroupVersion|failed calling webhook/,
    kind: "failed",
    transient: true,
    meaning: "the API server, or an extension behind it, is overloaded or just starting",
    next: "run again in a minute; kubectl get apiservices,pods -A shows what is not up",
  },
  {
    says: /You must be logged in|\(Unauthorized\)|Unauthorized|asked for the client to provide credentials/,
    kind: "failed",
    transient: false,
    meaning: "the API server does not accept the credentials of the kubeconfig: a token or client certificate has run out",
    next: "renew the kubeconfig, or name another with cluster.kubeconfig",
  },
  {
    says: /\(Forbidden\)|is forbidden|cannot (get|list|patch|create|delete) resource/,
    kind: "failed",
    transient: false,
    meaning: "the kubeconfig's user lacks this right",
    next: "use a kubeconfig with cluster-admin rights, or grant the right that is named",
  },
  {
    says: /unknown field|strict decoding error|error validating|is invalid:|denied the request|violates|Invalid value/,
    kind: "failed",
    transient: false,
    meaning:
      "the cluster's schema or an admission rule refuses the object: its version may differ from the one this was written for",
    next: "compare with kubectl explain, and with the version that is installed",
  },
  {
    says: /no matches for kind|doesn't have a resource type/,
    kind: "failed",
    transient: false,
    meaning: "the cluster does not serve this kind in this version: its CRD or API extension is not there",
    next: "kubectl api-resources shows what is served; run the tasks that install it first",
  },
  {
    says: /another operation \(install\/upgrade\/rollback\) is in progress/,
    kind: "failed",
    transient: false,
    meaning: "another helm is at work on this release, or one was interrupted",
    next: "wait for it, or look at it with helm history and undo it with helm rollback",
  },
  {
    says: /chart .* not found|not a valid chart repository|no chart version found|failed to fetch|failed to download|invalid_reference/,
    kind: "failed",
    transient: false,
    meaning: "the chart could not be fetched in this version",
    next: "check repository, chart and version; a proxy may be needed (HTTPS_PROXY)",
  },
];

/** Lines that client-go's log writes to standard error beside the message proper: `E1123 02:10:27.227360 9573 memcache.go:265] …`. */
const LOG_LINE = /^[EWIF]\d{4} [\d:.]+ +\d+ /;

/** Builds the failure of a program that ended with a non-zero exit. `stderr` is already masked. */
export function explain(doing: string, exitCode: number, stderr: string): ClusterFailure {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  const own = lines.filter((line) => !LOG_LINE.test(line));
  const message = (own.length > 0 ? own : lines).join("\n") || `exit code ${exitCode}, without a word`;
  const conflict = conflictFailure(doing, message);
  if (conflict !== undefined) return { failure: conflict, transient: false };
  const rule = rules.find(({ during = "", says }) => doing.startsWith(during) && says.test(message));
  if (rule === undefined) return { failure: { kind: "failed", doing, message }, transient: false };
  const { kind, meaning, next, transient } = rule;
  return { failure: { kind, doing, message, meaning, next }, transient };
}
