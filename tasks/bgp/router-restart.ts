import type { Change } from "../../runner/change.ts";
import type { ClusterReader, ClusterWriter } from "../../runner/connect/cluster.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import { NAMESPACE, type RouterPod } from "../kube-router/pods.ts";
import { comparePods } from "../kube-router/stale-pods.ts";

/** Kube-router's pods that run with another password than their node's annotations have now; a failure when one does not answer. */
export async function outdatedPods(reader: ClusterReader, nodes: ReadonlySet<string>): Promise<Result<readonly RouterPod[]>> {
  const compared = await comparePods(reader);
  if (!compared.ok) return compared;
  const silent = compared.value.silent.find(({ pod }) => nodes.has(pod.node));
  if (silent !== undefined) {
    return failed({
      kind: "failed",
      doing: `ask kube-router on ${silent.pod.node} which password it has`,
      message: `its pod ${silent.pod.name} does not answer: ${silent.failure.message}`,
      next: `look at its log, or wait until it has started, and run again`,
    });
  }
  return ok(compared.value.stale.filter(({ node }) => nodes.has(node)));
}

/** Starts these pods again, all at the same time: each reads its node's password as it starts. Returns when the old ones are gone. */
export function restartAtOnce(writer: ClusterWriter, pods: readonly Pick<RouterPod, "name">[]): Promise<Result<void>> {
  if (pods.length === 0) return Promise.resolve(ok(undefined));
  return writer.delete(pods.map(({ name }) => ({ apiVersion: "v1", kind: "Pod", name, namespace: NAMESPACE })));
}

/** The restart of a node's pod, as kube_router.restart tells it. */
export function restartOf(node: string): Change {
  return { target: `kube-router on ${node}`, action: "run", before: null, after: null };
}
