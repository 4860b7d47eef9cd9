import { setTimeout as sleep } from "node:timers/promises";
import { Type } from "#typebox";
import type { Change } from "../../runner/change.ts";
import type { ClusterReader, ClusterWriter } from "../../runner/connect/cluster.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import { actionTask } from "../../runner/task-type.ts";
import { NAMESPACE, podOn, type RouterPod, routerPods } from "./pods.ts";
import { type Rollout, rolloutOf } from "./rollout.ts";
import { comparePods, type PodPeers } from "./stale-pods.ts";

/** Milliseconds between two looks. */
const PAUSE = 500;

/** kube-router reads a node's peers only when it starts: pods that still have others are started again, one after another. */
export const restart = actionTask({
  name: "kube_router.restart",
  summary: "Restart kube-router where the node's peers changed after it started",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      nodes: Type.Optional(
        Type.Array(Type.String({ minLength: 1 }), { description: "Only pods on these nodes; default: on all of them" }),
      ),
      timeout: Type.Integer({
        minimum: 1,
        maximum: 3600,
        default: 120,
        description: "Seconds for the DaemonSet's rollout, and for each pod until the new one is Ready with the new peers",
      }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "Compares what each pod says (`gobgp neighbor`) with its node's annotations: addresses, AS, password. Pods that agree are left alone.",
    "Peers that are switched off (`gobgp neighbor … disable`) come back with a restart: such pods are restarted too, but not on a node that is withdrawn (kube_router.withdraw).",
    "A rollout of the DaemonSet restarts all pods anyway: it is waited for first, so that no pod is restarted twice.",
    "With `nodes`, pods elsewhere need not be up: a node that is down does not keep others from joining.",
    "One pod at a time; with graceful restart (kube_router.daemonset) the leaves keep its routes meanwhile.",
    "Pods with global peers (--peer-router-ips) do not look at annotations and are left alone.",
  ],
  example: `- name: Pods whose peers changed after they started
  kube_router.restart:
    timeout: 120`,
  plan: async (reader, { args, check }) => {
    const only = args.nodes === undefined ? undefined : new Set(args.nodes);
    const rolled = check ? await rolloutOf(reader) : await awaitRollout(reader, args.timeout, only !== undefined);
    if (!rolled.ok) return rolled;
    // Not installed; or, in check mode, about to be rolled out: every pod starts with what is annotated by then.
    if (rolled.value === undefined || isUnderWay(rolled.value, only !== undefined)) {
      return ok({ changes: [], apply: async () => ok(undefined) });
    }
    const compared = check ? await comparePods(reader, only) : await awaitAnswers(reader, args.timeout, only);
    if (!compared.ok) return compared;
    const { stale, silent, awaited } = compared.value;
    return ok({
      changes: stale.map(({ node }): Change => ({ target: `kube-router on ${node}`, action: "run", before: null, after: null })),
      unknown: [
        ...silent.map(({ pod, failure }) => ({
          target: `kube-router on ${pod.node}`,
          reason: `its pod ${pod.name} cannot be asked for its peers: ${failure.message}`,
        })),
        ...(check ? awaited : []).map((node) => ({
          target: `kube-router on ${node}`,
          reason: "there is no pod yet; should it start before the node's peers are annotated, it is started again",
        })),
      ],
      apply: (writer) => restartAll(reader, writer, stale, args.timeout),
    });
  },
});

/** Whether to wait for a rollout; when only some nodes are looked at, pods of others may be down. */
function isUnderWay({ pending, replacing }: Rollout, some: boolean): boolean {
  return some ? replacing : pending;
}

async function awaitRollout(reader: ClusterReader, timeout: number, some: boolean): ReturnType<typeof rolloutOf> {
  const until = Date.now() + timeout * 1000;
  for (;;) {
    const rollout = await rolloutOf(reader);
    if (!rollout.ok || rollout.value === undefined || !isUnderWay(rollout.value, some)) return rollout;
    if (Date.now() >= until) {
      return failed({
        kind: "failed",
        doing: "wait for the rollout of kube-router",
        message: `${rollout.value.progress} after ${timeout} s`,
        meaning: "a pod does not start, or its probe of /healthz on port 20244 fails",
        next: `look at kubectl -n ${NAMESPACE} describe pods -l k8s-app=kube-router, and at their logs`,
      });
    }
    await sleep(PAUSE);
  }
}

/** A pod that has just started does not answer at once. One that never does has a BGP server that ended: it is restarted too. */
async function awaitAnswers(
  reader: ClusterReader,
  timeout: number,
  only: ReadonlySet<string> | undefined,
): Promise<Result<PodPeers>> {
  const until = Date.now() + timeout * 1000;
  for (;;) {
    const compared = await comparePods(reader, only);
    if (!compared.ok || compared.value.silent.length === 0) return compared;
    if (Date.now() >= until) {
      const { stale, silent, awaited } = compared.value;
      return ok({ stale: [...stale, ...silent.map(({ pod }) => pod)], silent: [], awaited });
    }
    await sleep(PAUSE);
  }
}

async function restartAll(
  reader: ClusterReader,
  writer: ClusterWriter,
  pods: readonly RouterPod[],
  timeout: number,
): Promise<Result<void>> {
  for (const pod of pods) {
    const deleted = await writer.delete([{ apiVersion: "v1", kind: "Pod", name: pod.name, namespace: NAMESPACE }]);
    if (!deleted.ok) return deleted;
    const back = await awaitSuccessor(reader, pod, timeout);
    if (!back.ok) return back;
  }
  return ok(undefined);
}

/** Waits until another pod runs on the node and has the peers that are annotated. */
async function awaitSuccessor(reader: ClusterReader, former: RouterPod, timeout: number): Promise<Result<void>> {
  const until = Date.now() + timeout * 1000;
  for (;;) {
    const state = await successorState(reader, former);
    if (!state.ok) return state;
    if (state.value === undefined) return ok(undefined);
    if (Date.now() >= until) {
      return failed({
        kind: "failed",
        doing: `restart kube-router on ${former.node}`,
        message: `after ${timeout} s ${state.value}`,
        meaning: "the other pods were left as they are",
        next: `look at kubectl -n ${NAMESPACE} get pods -o wide -l k8s-app=kube-router, and at the log of the one on ${former.node}`,
      });
    }
    await sleep(PAUSE);
  }
}

/** Why the node's new pod is not there yet; undefined when it is. */
async function successorState(reader: ClusterReader, former: RouterPod): Promise<Result<string | undefined>> {
  const pods = await routerPods(reader);
  if (!pods.ok) return pods;
  // The former one, should it still be there, gives itself away by its peers.
  const pod = podOn(former.node, pods.value);
  if (pod === undefined) return ok("there is no new pod");
  if (!pod.ready) return ok(`the new pod ${pod.name} is not Ready`);
  const compared = await comparePods(reader, new Set([former.node]));
  if (!compared.ok) return compared;
  const [silent] = compared.value.silent;
  if (silent !== undefined) return ok(`the new pod ${pod.name} does not answer: ${silent.failure.message}`);
  return ok(compared.value.stale.length > 0 ? `the new pod ${pod.name} has not taken the annotated peers over` : undefined);
}
