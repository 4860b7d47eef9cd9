import { Type } from "#typebox";
import type { KubeObject } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { ok } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { inOrder, NodeNames, podPrefixes } from "../cni/pod-prefixes.ts";
import { listKept } from "./list-kept.ts";

const WORDS = { ipv4: "IPv4", ipv6: "IPv6" } as const;

/** The address blocks that nodes announce: one or more for each node, given out on demand. */
export const podBlocks = probeTask({
  name: "calico.pod_blocks",
  summary: "The pod prefixes of every node",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      nodes: NodeNames,
      families: Type.Array(Type.Enum(["ipv4", "ipv6"]), {
        minItems: 1,
        uniqueItems: true,
        default: ["ipv4"],
        description: "Families of which every node must have a block",
      }),
      required: Type.Boolean({ default: true, description: "false: a node may have no block yet; what there is is told" }),
      timeout: Type.Integer({ minimum: 1, maximum: 3600, default: 60, description: "Seconds until every node has its blocks" }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "Facts: `prefixes`, all blocks of these nodes, sorted; `by_node`, the blocks of each. Blocks of other families are among them.",
    "A node gets its first blocks, one of each family, when a pod with addresses of its own starts there: a node that is still cordoned may have none (`required: false`).",
  ],
  example: `- name: Pod blocks of every node
  calico.pod_blocks:
    nodes: [worker-1, worker-2]
    families: [ipv4, ipv6]
  register: blocks`,
  observe: async (reader, { args, check }) => {
    const listed = await listKept(reader, "blockaffinities");
    if (!listed.ok) return listed;
    if (listed.value === undefined) {
      const reason = "the cluster does not serve Calico's block affinities yet";
      return ok(check ? { unmet: [], unknown: reason } : { unmet: [reason] });
    }
    const blocks = listed.value.flatMap(blockOf);
    const byNode = Object.fromEntries(
      args.nodes.map((node) => {
        const own = blocks.filter((block) => block.node === node).map(({ cidr }) => cidr);
        return [node, inOrder(own)] as const;
      }),
    );
    const strict = args.required ? args.nodes : [];
    const without = strict.flatMap((node) =>
      args.families
        .filter((family) => !byNode[node]?.some((cidr) => cidr.includes(":") === (family === "ipv6")))
        .map((family) => `${node}: no confirmed ${WORDS[family]} block; does a pod run there, and is calico-node up?`),
    );
    return ok(podPrefixes(byNode, without, "blocks"));
  },
});

/** A block that is confirmed and not about to go; `deleted` is text in the stored form, a boolean elsewhere. */
function blockOf({ spec }: KubeObject): readonly { readonly node: string; readonly cidr: string }[] {
  if (!isObject(spec) || typeof spec.node !== "string" || typeof spec.cidr !== "string") return [];
  if (spec.state !== "confirmed" || String(spec.deleted ?? false) === "true") return [];
  return [{ node: spec.node, cidr: spec.cidr }];
}
