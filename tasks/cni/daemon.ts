import type { ClusterReader, KubeObject } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { ok, type Result } from "../../runner/result.ts";
import { parseVersion } from "./version.ts";

/** CNIs that the design knows. */
export type CniName = "calico" | "kube-router" | "cilium";

/** The DaemonSet of each CNI as upstream names it, the label of its pods, and the container that runs its release. */
const DAEMONS = {
  calico: { name: "calico-node", selector: "k8s-app=calico-node", container: "calico-node" },
  "kube-router": { name: "kube-router", selector: "k8s-app=kube-router", container: "kube-router" },
  cilium: { name: "cilium", selector: "k8s-app=cilium", container: "cilium-agent" },
} as const;

/** How far a CNI's DaemonSet is, and what each node runs. */
export interface Daemon {
  /** `calico-system/calico-node`, for people. */
  readonly name: string;
  /** Release that its pods are to run; undefined: the image's tag is none. */
  readonly wanted: string | undefined;
  /** The controller has seen the template that is there. */
  readonly observed: boolean;
  readonly desired: number;
  /** Pods of the template that is there which are available. */
  readonly current: number;
  /** Release that each node's Ready pod runs, by node. */
  readonly versions: ReadonlyMap<string, string>;
}

/** Looks at a CNI's DaemonSet and its pods; undefined: there is none. */
export async function readDaemon(reader: ClusterReader, cni: CniName, namespace: string): Promise<Result<Daemon | undefined>> {
  const { name, selector, container } = DAEMONS[cni];
  const found = await reader.objects([{ apiVersion: "apps/v1", kind: "DaemonSet", name, namespace }]);
  if (!found.ok) return found;
  const [set] = found.value;
  if (set === undefined) return ok(undefined);
  const pods = await reader.list("pods", { namespace, selector });
  if (!pods.ok) return pods;
  const status = isObject(set.status) ? set.status : {};
  const count = (field: string): number => (typeof status[field] === "number" ? status[field] : 0);
  const generation = typeof set.metadata.generation === "number" ? set.metadata.generation : 1;
  const template = isObject(set.spec) && isObject(set.spec.template) ? set.spec.template.spec : undefined;
  return ok({
    name: `${namespace}/${name}`,
    wanted: releaseOf(template, container),
    observed: count("observedGeneration") >= generation,
    desired: count("desiredNumberScheduled"),
    current: Math.min(count("numberAvailable"), count("updatedNumberScheduled")),
    versions: new Map((pods.value ?? []).flatMap((pod) => versionOnNode(pod, container))),
  });
}

/** Which nodes run which release, in words: `1.19.6 on worker-1, worker-2; 1.18.12 on worker-3`. */
export function versionsText(versions: ReadonlyMap<string, string>): string {
  const nodes = new Map<string, string[]>();
  for (const [node, version] of versions) nodes.set(version, [...(nodes.get(version) ?? []), node]);
  return (
    [...nodes].map(([version, on]) => `${version} on ${on.sort(natural.compare).join(", ")}`).join("; ") || "no pod is Ready"
  );
}

const natural = new Intl.Collator("en", { numeric: true });

function versionOnNode({ metadata, spec, status }: KubeObject, container: string): readonly (readonly [string, string])[] {
  const version = releaseOf(spec, container);
  const conditions = isObject(status) && Array.isArray(status.conditions) ? status.conditions.filter(isObject) : [];
  const isReady = conditions.some((one) => one.type === "Ready" && one.status === "True");
  if (!isObject(spec) || typeof spec.nodeName !== "string" || version === undefined) return [];
  return isReady && metadata.deletionTimestamp === undefined ? [[spec.nodeName, version]] : [];
}

/** The tag of the container's image without `v`: `quay.io/cilium/cilium:v1.19.6@sha256:…` is 1.19.6. */
function releaseOf(spec: unknown, name: string): string | undefined {
  const containers = isObject(spec) && Array.isArray(spec.containers) ? spec.containers.filter(isObject) : [];
  const container = containers.find((one) => one.name === name) ?? containers[0];
  const image = typeof container?.image === "string" ? container.image.replace(/@.*$/, "") : "";
  const tag = /:([^:/]+)$/.exec(image)?.[1];
  return tag !== undefined && parseVersion(tag) !== undefined ? tag.replace(/^v/, "") : undefined;
}
