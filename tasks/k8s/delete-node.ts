import { Type } from "#typebox";
import type { Change } from "../../runner/change.ts";
import type { Manifest } from "../../runner/connect/cluster.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import { actionTask } from "../../runner/task-type.ts";
import { NodeNames } from "../cni/pod-prefixes.ts";
import { readStates } from "./cordon.ts";
import { podsToEvict } from "./pods-to-evict.ts";

/** Takes nodes out of the cluster that nothing runs on any more. */
export const deleteNode = actionTask({
  name: "k8s.delete_node",
  summary: "Nodes leave the cluster",
  steps: [],
  on: "localhost",
  args: Type.Object({ nodes: NodeNames }, { additionalProperties: false }),
  notes: [
    "Refuses, before anything is deleted, when one of the nodes is not cordoned or has pods to evict (k8s.cordon, k8s.drain).",
    "Nodes that are not in the cluster are no change. The machine itself is left alone: while its kubelet runs it can come back (k8s.reset).",
    "A CNI takes its addresses back later: calico.blocks_released, cilium.prefixes_released.",
  ],
  example: `- name: Delete them from the cluster
  k8s.delete_node:
    nodes: [worker-7]`,
  plan: async (reader, { args, host }, elsewhere) => {
    const read = await readStates(reader, args.nodes);
    if (!read.ok) return read;
    const { states } = read.value;
    if (states.length === 0) return ok({ changes: [], apply: async () => ok(undefined) });
    const pods = await podsToEvict(
      reader,
      states.map(({ name }) => name),
    );
    if (!pods.ok) return pods;
    const open = states.filter(({ cordoned }) => !cordoned).map(({ name }) => `${name} is not cordoned`);
    const busy = pods.value.map(({ name, node }) => `${name} is still on ${node}`);
    if (open.length + busy.length > 0) return refused([...open, ...busy]);
    const side = await elsewhere.at("localhost", host);
    if (!side.ok) return side;
    const planned = await side.value.plan(
      states.map(({ name }): Manifest => {
        return { kind: "manifest", state: "absent", object: { apiVersion: "v1", kind: "Node", metadata: { name } } };
      }),
    );
    if (!planned.ok) return planned;
    return ok({
      // Not the whole Node: controllers write in it at times that check mode cannot foresee.
      changes: states.map(
        ({ name, addresses }): Change => ({
          target: `node ${name}`,
          action: "delete",
          before: { addresses: [...addresses] },
          after: null,
        }),
      ),
      project: () => planned.value.project(),
      apply: (writer) => planned.value.apply(writer),
    });
  },
});

function refused(reasons: readonly string[]): Result<never> {
  return failed({
    kind: "failed",
    doing: "look whether the nodes are empty",
    message: reasons.join("\n"),
    meaning: "pods would be lost with their node; nothing was deleted",
    next: "cordon and drain the nodes first: k8s.cordon, k8s.drain",
  });
}
