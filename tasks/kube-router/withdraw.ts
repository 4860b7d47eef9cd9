import { Type } from "#typebox";
import type { Change } from "../../runner/change.ts";
import type { ClusterResource } from "../../runner/connect/cluster.ts";
import { ok } from "../../runner/result.ts";
import { actionTask } from "../../runner/task-type.ts";
import { labelOf, withdrawArguments } from "../cni/withdrawal.ts";
import { nodeReference } from "../cni/withdrawn.ts";
import { ANNOTATION } from "./peer-annotations.ts";
import { type Speaking, silence, speakingPods } from "./silence.ts";

/**
 * Nodes that leave or rest. kube-router knows no selector and reads its peers only when it starts, so three things: the label (for
 * kube_router.peers, that it annotates none again), no annotated peers (for a pod that starts anew), and the running pod's neighbours
 * switched off (facts cni.md 2.3, 4.5).
 */
export const kubeRouterWithdraw = actionTask({
  name: "kube_router.withdraw",
  summary: "Nodes take their routes back from the leaves, or may announce again",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      ...withdrawArguments,
      timeout: Type.Integer({
        minimum: 1,
        maximum: 3600,
        default: 120,
        description: "Seconds until all neighbours are switched off",
      }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "Label underlay/withdrawn, annotated peers gone (of every form, whoever set them), and in the running pod `gobgp neighbor ADDRESS disable`: a Cease, after which leaves keep no routes, graceful restart or not.",
    "A pod that does not run needs nothing. That of a node that is not Ready cannot be reached: a warning; its routes go with hold time and restart time.",
    "That the leaves have lost the routes is proven by verify.routes_absent.",
    "`absent` takes the label away; kube_router.peers and kube_router.restart then bring the sessions back, in this order. Nodes that are not in the cluster need nothing; with `present` they are a failure.",
  ],
  example: `- name: kube-router takes its routes back
  kube_router.withdraw:
    nodes: [worker-1]
    timeout: 120`,
  plan: async (reader, { args }, elsewhere) => {
    const side = await elsewhere.at("localhost", "localhost");
    if (!side.ok) return side;
    const leaving = args.state === "present" ? args.nodes : [];
    const annotations = leaving.map((name): ClusterResource => {
      return { kind: "without", object: nodeReference(name), annotations: Object.values(ANNOTATION) };
    });
    const planned = await side.value.plan([...labelOf(args), ...annotations]);
    if (!planned.ok) return planned;
    const nodes = await reader.objects(leaving.map(nodeReference));
    if (!nodes.ok) return nodes;
    const spoken = await speakingPods(reader, nodes.value);
    if (!spoken.ok) return spoken;
    const { speaking, unreachable } = spoken.value;
    const { changes, unknown, project, apply } = planned.value;
    return ok({
      changes: [...changes, ...speaking.map(switchedOff)],
      unknown,
      warnings: unreachable.map(
        (name) =>
          `${name} is not Ready and its kube-router cannot be asked: if it is down, its routes stay for hold time and restart time`,
      ),
      project,
      apply: async (writer, during) => {
        const written = await apply(writer);
        return written.ok ? silence(reader, writer, nodes.value, args.timeout, during) : written;
      },
    });
  },
});

function switchedOff({ pod, neighbors }: Speaking): Change {
  const all = (state: "up" | "down") => Object.fromEntries(neighbors.map((address) => [address, state]));
  return { target: `kube-router on ${pod.node}`, action: "modify", before: all("up"), after: all("down") };
}
