import { Type } from "#typebox";
import { isObject } from "../../runner/json.ts";
import { ok } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { inOrder, NodeNames } from "../cni/pod-prefixes.ts";
import { listKept } from "./list-kept.ts";

/** Blocks of deleted nodes go back into the pool when kube-controllers looks, at most every five minutes (facts 4.5). */
export const blocksReleased = probeTask({
  name: "calico.blocks_released",
  summary: "Nodes that left have no address blocks any more",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      nodes: NodeNames,
      timeout: Type.Integer({ minimum: 1, maximum: 3600, default: 420, description: "Seconds until all blocks are back" }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "Reads block affinities. calico-kube-controllers releases those of nodes that are gone, at most every five minutes.",
    "By hand: `calicoctl ipam check -o report.json`, then, with the datastore locked (`calicoctl datastore migrate lock`), `calicoctl ipam release --from-report=report.json`, and unlock.",
  ],
  example: `- name: Calico has their blocks back
  calico.blocks_released:
    nodes: [worker-7]
    timeout: 420`,
  observe: async (reader, { args, check }) => {
    const listed = await listKept(reader, "blockaffinities");
    if (!listed.ok) return listed;
    if (listed.value === undefined) {
      const reason = "the cluster does not serve Calico's block affinities";
      return ok(check ? { unmet: [], unknown: reason } : { unmet: [reason] });
    }
    const held = listed.value.flatMap(({ spec }) =>
      isObject(spec) && typeof spec.node === "string" && typeof spec.cidr === "string" && args.nodes.includes(spec.node)
        ? [{ node: spec.node, cidr: spec.cidr }]
        : [],
    );
    const unmet = args.nodes.flatMap((node) => {
      const blocks = inOrder(held.filter((block) => block.node === node).map(({ cidr }) => cidr));
      if (blocks.length === 0) return [];
      return [
        `${node} still has ${blocks.join(", ")}: is calico-kube-controllers up? By hand: calicoctl ipam check -o report.json; calicoctl datastore migrate lock; calicoctl ipam release --from-report=report.json; calicoctl datastore migrate unlock`,
      ];
    });
    return ok({ unmet, message: `no blocks left of ${args.nodes.join(", ")}` });
  },
});
