import { type Static, Type } from "#typebox";
import type { ClusterReader, ClusterResource, KubeObject } from "../../runner/connect/cluster.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import type { ActionPlan, Elsewhere } from "../../runner/task.ts";
import { nodeReference, WITHDRAWN } from "./withdrawn.ts";

/** Arguments of every `withdraw`. */
export const withdrawArguments = {
  nodes: Type.Array(Type.String({ minLength: 1 }), {
    minItems: 1,
    uniqueItems: true,
    description: "Names of the nodes, as the cluster knows them",
  }),
  state: Type.Union([Type.Literal("present"), Type.Literal("absent")], {
    default: "present",
    description: "present: they announce nothing; absent: they may announce again",
  }),
};

/** What `withdrawArguments` come to. */
export interface Withdrawal {
  readonly nodes: readonly string[];
  readonly state: Static<(typeof withdrawArguments)["state"]>;
}

/** Of its own, so that other labels of the same Node are not taken away. */
const FIELD_MANAGER = "underlay-withdrawn";

/** The label on each of these nodes, or on none of them, whoever set it. */
export function labelOf({ nodes, state }: Withdrawal): readonly ClusterResource[] {
  return nodes.map((name): ClusterResource => {
    if (state === "absent") return { kind: "without", object: nodeReference(name), labels: [WITHDRAWN] };
    const object = { apiVersion: "v1", kind: "Node", metadata: { name, labels: { [WITHDRAWN]: "true" } } };
    return { kind: "manifest", state: "present", object, fieldManager: FIELD_MANAGER, force: true, whenMissing: "fail" };
  });
}

/** An object with BGP peers that would still select nodes with the label. */
export interface DeafPeers {
  /** `BGPPeer 201`. */
  readonly name: string;
  readonly ours: boolean;
  readonly nodes: readonly string[];
}

/** Asks the cluster which objects with peers would still select these nodes, were they labelled. */
export type FindDeaf = (reader: ClusterReader, nodes: readonly KubeObject[]) => Promise<Result<readonly DeafPeers[]>>;

/**
 * Plans the label, where the CNI takes the peers from a labelled node by itself. Fails before anything is changed when objects of ours do
 * not heed the label; those of others are warned about: whether they peer with the fabric is not known here.
 */
export async function planWithdrawal(
  reader: ClusterReader,
  elsewhere: Elsewhere,
  wanted: Withdrawal,
  findDeaf: FindDeaf,
): Promise<Result<ActionPlan<"localhost">>> {
  const side = await elsewhere.at("localhost", "localhost");
  if (!side.ok) return side;
  const planned = await side.value.plan(labelOf(wanted));
  if (!planned.ok) return planned;
  const deaf = wanted.state === "present" ? await deafPeers(reader, wanted.nodes, findDeaf) : ok([]);
  if (!deaf.ok) return deaf;
  const ours = deaf.value.filter((one) => one.ours);
  if (ours.length > 0) return notHeeded(ours);
  const { changes, unknown, project, apply } = planned.value;
  return ok({
    changes,
    unknown,
    warnings: deaf.value.map(
      ({ name, nodes }) =>
        `${name}, which is not of underlay, selects ${nodes.join(", ")} also with the label ${WITHDRAWN}: what it peers with keeps its routes; let its nodeSelector exclude the label`,
    ),
    project,
    apply: (writer) => apply(writer),
  });
}

async function deafPeers(
  reader: ClusterReader,
  names: readonly string[],
  findDeaf: FindDeaf,
): Promise<Result<readonly DeafPeers[]>> {
  const nodes = await reader.objects(names.map(nodeReference));
  return nodes.ok ? findDeaf(reader, nodes.value) : nodes;
}

function notHeeded(deaf: readonly DeafPeers[]): Result<never> {
  const nodes = new Set(deaf.flatMap((one) => one.nodes));
  return failed({
    kind: "failed",
    doing: `look whether the peers of ${[...nodes].join(", ")} heed the label ${WITHDRAWN}`,
    message: `${deaf.map(({ name }) => name).join(", ")}: would still select ${nodes.size === 1 ? "it" : "them"}`,
    meaning: "these objects are from before underlay withdrew nodes by a label: no route would go, so nothing was changed",
    next: "run the design playbook first: it adds the label to their selectors, which select the same nodes as before, so that no session is reset",
  });
}
