import { setTimeout as sleep } from "node:timers/promises";
import pLimit from "p-limit";
import type { ClusterReader, ClusterWriter, KubeObject } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import type { During } from "../../runner/task.ts";
import { type Neighbor, readNeighbors } from "./gobgp.ts";
import { NAMESPACE, type RouterPod, routerPods } from "./pods.ts";
import { AT_ONCE } from "./stale-pods.ts";

/** A pod of kube-router that speaks to neighbours which are not switched off. */
export interface Speaking {
  readonly pod: RouterPod;
  /** Addresses of neighbours that are up as the administrator sees it, whatever the session's state is. */
  readonly neighbors: readonly string[];
}

/** What the pods on some nodes say about their neighbours. */
export interface Spoken {
  readonly speaking: readonly Speaking[];
  /** Nodes whose pod cannot be asked, because the node itself does not answer. */
  readonly unreachable: readonly string[];
}

/**
 * Asks the running pods of these nodes, several at the same time. A pod that does not run has no neighbours. One that does not answer is a
 * failure, unless its node is not Ready: then nobody can reach it, and its routes end with the hold time.
 */
export async function speakingPods(reader: ClusterReader, nodes: readonly KubeObject[]): Promise<Result<Spoken>> {
  const pods = await routerPods(reader);
  if (!pods.ok) return pods;
  const limit = pLimit(AT_ONCE);
  const asked = nodes.flatMap((node) =>
    pods.value
      .filter((pod) => pod.node === node.metadata.name && isRunning(pod))
      .map((pod) => limit(async () => ({ node, pod, answer: await readNeighbors(reader, pod) }))),
  );
  const speaking: Speaking[] = [];
  const unreachable: string[] = [];
  for (const { node, pod, answer } of await Promise.all(asked)) {
    if (answer.ok) {
      const up = answer.value.filter(isUp).map(({ address }) => address);
      if (up.length > 0) speaking.push({ pod, neighbors: up });
    } else if (isReady(node)) return answer;
    else unreachable.push(node.metadata.name);
  }
  return ok({ speaking, unreachable });
}

/**
 * Switches these neighbours off (`gobgp neighbor ADDRESS disable`: a Cease, so that leaves drop the routes at once, facts cni.md 4.5), and
 * reads back until every one of them is down or gone. A pod that starts anew meanwhile has no peers: they are not annotated any more.
 */
export async function silence(
  reader: ClusterReader,
  writer: ClusterWriter,
  nodes: readonly KubeObject[],
  timeout: number,
  during: Pick<During, "tell" | "signal">,
): Promise<Result<void>> {
  const until = Date.now() + timeout * 1000;
  const limit = pLimit(AT_ONCE);
  for (;;) {
    const spoken = await speakingPods(reader, nodes);
    if (spoken.ok && spoken.value.speaking.length === 0) return ok(undefined);
    const refused = spoken.ok ? await Promise.all(spoken.value.speaking.map((pod) => limit(() => disable(writer, pod)))) : [];
    const [reason] = refused.filter((text) => text !== undefined);
    if (Date.now() >= until || during.signal.aborted) {
      if (!spoken.ok) return spoken;
      const left = spoken.value.speaking.map(({ pod, neighbors }) => `${pod.node} to ${neighbors.join(", ")}`).join("; ");
      return failed({
        kind: "failed",
        doing: "gobgp neighbor … disable in the pods of kube-router",
        message: `${left}: not switched off ${during.signal.aborted ? "when it was interrupted" : `after ${timeout} s`}${reason === undefined ? "" : `: ${reason}`}`,
        meaning: "these nodes still announce their routes",
        next: `look at kubectl -n ${NAMESPACE} logs of the pods on them, and run again: what is switched off stays so`,
      });
    }
    if (spoken.ok) during.tell(`switched off on ${spoken.value.speaking.map(({ pod }) => pod.node).join(", ")}, reading back`);
    await sleep(reason === undefined && spoken.ok ? 0 : PAUSE);
  }
}

/** Milliseconds before something that was refused is tried again. */
const PAUSE = 500;

/** Why it could not be done; undefined when it was. */
async function disable(writer: ClusterWriter, { pod, neighbors }: Speaking): Promise<string | undefined> {
  for (const address of neighbors) {
    const ran = await writer.exec({ namespace: NAMESPACE, pod: pod.name, container: pod.container }, [
      "gobgp",
      "neighbor",
      address,
      "disable",
    ]);
    if (!ran.ok) return ran.failure.message;
  }
  return undefined;
}

function isUp({ admin }: Neighbor): boolean {
  return admin !== "down";
}

/** Whether the daemon's container runs, as far as the kubelet has said. */
function isRunning({ object: { status }, container }: RouterPod): boolean {
  if (!isObject(status)) return false;
  if (status.phase === "Succeeded" || status.phase === "Failed" || status.phase === "Pending") return false;
  const statuses = Array.isArray(status.containerStatuses) ? status.containerStatuses.filter(isObject) : [];
  const own = statuses.find(({ name }) => name === container);
  return own === undefined || !isObject(own.state) || own.state.running !== undefined;
}

function isReady({ status }: KubeObject): boolean {
  const conditions = isObject(status) && Array.isArray(status.conditions) ? status.conditions.filter(isObject) : [];
  return conditions.some(({ type, status: value }) => type === "Ready" && value === "True");
}
