import pLimit from "p-limit";
import type { ClusterReader, KubeObject, PodContainer } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { ok, type Result } from "../../runner/result.ts";
import { birdPeers } from "./bird-protocols.ts";
import { type CalicoNodeReport, reportOf, STATUSES, statusReference } from "./node-status.ts";

/** What the nodes say about their sessions, by node; a node that says nothing is left out. */
export type NodeReports = ReadonlyMap<string, CalicoNodeReport>;

/** Families that are looked at. */
type Families = readonly ("ipv4" | "ipv6")[];

/** BIRD's client for each family: two processes with a socket each. */
const CLIENTS = { ipv4: "birdcl", ipv6: "birdcl6" } as const;

/** kubectl processes at a time. */
const AT_ONCE = 8;

/** Whether nodes can be asked through the Kubernetes API, without a look into their pods. */
export function servesStatus(reader: ClusterReader): Promise<Result<boolean>> {
  return reader.serves(STATUSES);
}

/** Reads the CalicoNodeStatus objects that were made for these nodes. */
export async function statusReports(reader: ClusterReader, nodes: readonly string[]): Promise<Result<NodeReports>> {
  const found = await reader.objects(nodes.map(statusReference));
  if (!found.ok) return found;
  const byName = new Map(found.value.map((object) => [object.metadata.name, object]));
  return ok(
    new Map(
      nodes.flatMap((node) => {
        const status = byName.get(statusReference(node).name);
        const report = status === undefined ? undefined : reportOf(status);
        return report === undefined ? [] : [[node, report] as const];
      }),
    ),
  );
}

/**
 * Asks BIRD on each node, in its calico-node pod; only reads, and so works in check mode and without Calico's API. undefined: no such
 * pod in the cluster. A pod that does not answer counts as silent: it may just be starting.
 */
export async function birdReports(
  reader: ClusterReader,
  nodes: readonly string[],
  families: Families,
): Promise<Result<NodeReports | undefined>> {
  const listed = await reader.list("pods", { selector: "k8s-app=calico-node" });
  if (!listed.ok) return listed;
  const pods = new Map((listed.value ?? []).flatMap(containerOf));
  if (pods.size === 0) return ok(undefined);
  const limit = pLimit(AT_ONCE);
  const asked = await Promise.all(
    nodes.map((node) =>
      limit(async () => {
        const pod = pods.get(node);
        return { node, report: pod === undefined ? ok(undefined) : await askBird(reader, pod, families) };
      }),
    ),
  );
  const reports = new Map<string, CalicoNodeReport>();
  for (const { node, report } of asked) {
    if (!report.ok) return report;
    if (report.value !== undefined) reports.set(node, report.value);
  }
  return ok(reports);
}

async function askBird(
  reader: ClusterReader,
  pod: PodContainer,
  families: Families,
): Promise<Result<CalicoNodeReport | undefined>> {
  const peers: CalicoNodeReport["peers"][number][] = [];
  for (const family of families) {
    const said = await reader.exec(pod, [CLIENTS[family], "show", "protocols"]);
    if (!said.ok) return said.failure.kind === "unreachable" ? said : ok(undefined);
    peers.push(...birdPeers(said.value, family));
  }
  return ok({ peers, birds: { ipv4: undefined, ipv6: undefined } });
}

/** The calico-node container of a running pod, by its node. */
function containerOf({ metadata, spec, status }: KubeObject): readonly (readonly [string, PodContainer])[] {
  const { namespace } = metadata;
  const running = isObject(status) && status.phase === "Running" && metadata.deletionTimestamp === undefined;
  if (!running || namespace === undefined || !isObject(spec) || typeof spec.nodeName !== "string") return [];
  return [[spec.nodeName, { namespace, pod: metadata.name, container: "calico-node" }]];
}
