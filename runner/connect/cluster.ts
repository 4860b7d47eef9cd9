import type { JsonObject } from "../json.ts";
import type { Result } from "../result.ts";
import type { Secret } from "../secret.ts";

/** A Kubernetes object as sent and received. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  } & JsonObject;
  readonly [field: string]: unknown;
}

/** A text with secrets in it, in parts that are joined; only the connection puts the secrets in. */
export type TextWithSecrets = readonly (string | { /** Put in as Base64 without a line end. */ readonly base64: Secret })[];

/** An object that should exist (or not), written by server-side apply with field manager `underlay`. */
export interface Manifest {
  readonly kind: "manifest";
  readonly state: "present" | "absent";
  readonly object: KubeObject;
  /** Secret `data` entries, plain text here; sent by standard input, shown masked. Only for kind Secret. */
  readonly secretData?: Readonly<Record<string, Secret>>;
  /** Annotations with secrets, sent by standard input and shown masked. Only names that the connection knows to hold secrets (kube-router's). */
  readonly secretAnnotations?: Readonly<Record<string, TextWithSecrets>>;
  /**
   * When the object is not there: make it (default), fail, or leave it so. The latter two are for our part of an object that somebody
   * else makes, such as a Node: an apply would make one up.
   */
  readonly whenMissing?: "create" | "fail" | "leave";
  /** Take over fields that another field manager owns (kubectl's `--force-conflicts`). */
  readonly force?: boolean;
  /**
   * Field manager when several tasks each own a part of one object (the labels of a node): with one manager for all, each
   * task's apply would remove what the others set. Default `underlay`.
   */
  readonly fieldManager?: string;
  /**
   * Lists of objects that the API server treats as one value, though a controller fills in fields of their items (the pools of an
   * Installation): items with the same `key` keep what is found and not set here, so that only our own fields are compared.
   */
  readonly filledLists?: readonly { readonly path: readonly string[]; readonly key: string }[];
}

/** Objects of a kind that carry these labels and that the same task does not want are deleted (the BGPPeers of leaves that are gone). */
export interface ExclusiveObjects {
  readonly kind: "exclusive";
  readonly apiVersion: string;
  readonly objectKind: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Labels and annotations that an object must not have, whoever set them: an apply can only take away what is its own. An object that is
 * not there is left so.
 */
export interface WithoutMetadata {
  readonly kind: "without";
  readonly object: ObjectReference;
  readonly labels?: readonly string[];
  readonly annotations?: readonly string[];
}

/** A helm release that should be deployed (or uninstalled). */
export interface HelmRelease {
  readonly kind: "release";
  readonly state: "present" | "absent";
  readonly name: string;
  readonly namespace: string;
  readonly createNamespace: boolean;
  /** Chart name in the repository, or an `oci://` reference, or a path. */
  readonly chart: string;
  /** Repository address, when `chart` is a name. */
  readonly repository?: string;
  /** Exact chart version. */
  readonly version: string;
  readonly values: JsonObject;
  /** Resources (`installations.operator.tigera.io`) this release brings; unknown in check mode until they are there. */
  readonly brings: readonly string[];
  /** Seconds helm waits for the release's workloads. */
  readonly timeoutSeconds: number;
  /** helm does not wait for them: somebody else watches them come up. */
  readonly wait?: false;
}

/** Objects that a chart renders (`helm template`), applied like manifests: no release is kept of it, and nothing ever deleted. */
export interface RenderedChart {
  readonly kind: "rendered";
  /** What the chart's templates see as the release's name. */
  readonly name: string;
  /** Chart name in the repository, or an `oci://` reference, or a path. */
  readonly chart: string;
  /** Repository address, when `chart` is a name. */
  readonly repository?: string;
  /** Exact chart version. */
  readonly version: string;
  /** Another chart of the same repository, to be used where the cluster has this object already. */
  readonly instead?: { readonly when: ObjectReference; readonly chart: string };
}

/** A taint of a Node; `effect` is `NoSchedule`, `PreferNoSchedule` or `NoExecute`. */
export interface NodeTaint {
  readonly key: string;
  readonly effect: string;
}

/**
 * Whether pods may be put on a Node (`kubectl cordon`), with our note about it. Not a manifest, because an apply takes away only what
 * it has set itself, and a Node's taints are one value that controllers write as well. The Node must be there.
 */
export interface NodeScheduling {
  readonly kind: "scheduling";
  readonly node: string;
  /** `spec.unschedulable`. */
  readonly unschedulable: boolean;
  /** null takes the annotation away, whoever set it. */
  readonly annotations: Readonly<Record<string, string | null>>;
  /** A taint that goes, should it be there. */
  readonly withoutTaint?: NodeTaint;
}

/** What a task on the cluster side wants to exist. */
export type ClusterResource = Manifest | ExclusiveObjects | WithoutMetadata | NodeScheduling | HelmRelease | RenderedChart;

/** What to look up: `apiVersion`, `kind`, name and, for namespaced kinds, namespace. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** A container to look into. */
export interface PodContainer {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** Which objects of a kind to list. */
export interface ListOptions {
  readonly namespace?: string;
  /** Label selector of equalities, `a=b,c=d`. */
  readonly selector?: string;
  /** Field selector of one equality that the API server knows for the kind, `spec.nodeName=worker-1`. */
  readonly fields?: string;
}

/** How nodes are emptied: `kubectl drain` in its own words. */
export interface DrainOptions {
  /** Seconds for each node; kubectl takes one node after another. */
  readonly timeoutSeconds: number;
  /** Pods with an emptyDir volume go too; its data is lost. */
  readonly deleteEmptyDirData: boolean;
  /** Pods without a controller go too; nobody makes them again. */
  readonly force: boolean;
  /** Seconds that a pod is given to end, instead of its own. */
  readonly gracePeriodSeconds?: number;
  /** Aborted: kubectl is ended; what it has evicted stays evicted. */
  readonly signal: AbortSignal;
}

/** Reads from the cluster with kubectl and helm. */
export interface ClusterReader {
  /** The objects that exist, in one kubectl process where it allows it. Absent ones are left out; so are kinds the cluster does not know. */
  objects(references: readonly ObjectReference[]): Promise<Result<readonly KubeObject[]>>;
  /** All objects of a kind. `resource` is kubectl's full name, `caliconodestatuses.projectcalico.org`. Unknown kind: undefined. */
  list(resource: string, options?: ListOptions): Promise<Result<readonly KubeObject[] | undefined>>;
  /** Whether the cluster serves this resource (`bgppeers.projectcalico.org`). */
  serves(resource: string): Promise<Result<boolean>>;
  /** Runs a program in a container that only reads (`gobgp neighbor -j`) and gives its output. Fails when it ends with another code than 0. */
  exec(container: PodContainer, command: readonly [string, ...string[]]): Promise<Result<string>>;
  /** A deployed helm release; undefined when there is none. `values` are the user-supplied ones. */
  release(
    name: string,
    namespace: string,
  ): Promise<
    Result<{ readonly status: string; readonly chart: string; readonly version: string; readonly values: JsonObject } | undefined>
  >;
}

/** Writes to the cluster with kubectl and helm. */
export interface ClusterWriter {
  /** Server-side apply of many objects in one kubectl process. */
  apply(manifests: readonly Manifest[]): Promise<Result<void>>;
  /** Deletes objects and waits until they are gone. Absent ones are no failure; nor are kinds that the cluster does not know. */
  delete(references: readonly ObjectReference[]): Promise<Result<void>>;
  /** Takes a label away from objects, whoever set it: an apply can only take away what is its own. */
  removeLabel(references: readonly ObjectReference[], label: string): Promise<Result<void>>;
  /** Runs a program in a container that changes something (`gobgp neighbor 192.168.2.201 disable`). Never repeated by itself. */
  exec(container: PodContainer, command: readonly [string, ...string[]]): Promise<Result<string>>;
  /** Changes fields of objects that are there, by one JSON merge patch (RFC 7386) for all of them: null takes a field away, whoever set it. */
  patch(references: readonly ObjectReference[], patch: JsonObject): Promise<Result<void>>;
  /** Takes a taint away from nodes that have it; kubectl fails where one has not. */
  removeTaint(nodes: readonly string[], taint: NodeTaint): Promise<Result<void>>;
  /** Evicts the pods of nodes, those of DaemonSets excepted, in one kubectl process. Fails in kubectl's words when pods are left. */
  drain(nodes: readonly string[], options: DrainOptions): Promise<Result<void>>;
  /** `helm upgrade --install`. */
  install(release: HelmRelease): Promise<Result<void>>;
  /** `helm uninstall`. */
  uninstall(name: string, namespace: string): Promise<Result<void>>;
}
