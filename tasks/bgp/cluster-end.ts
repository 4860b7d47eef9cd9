import pLimit from "p-limit";
import type { ClusterReader } from "../../runner/connect/cluster.ts";
import { ok, type Result } from "../../runner/result.ts";
import { bareAddress } from "../calico/bare-address.ts";
import { birdReports } from "../calico/node-reports.ts";
import { sessionsDown } from "../cilium/compare-sessions.ts";
import { installedVersion } from "../cilium/installed-version.ts";
import { nodeReports } from "../cilium/node-peers.ts";
import { readNeighbors } from "../kube-router/gobgp.ts";
import { podOn, routerPods } from "../kube-router/pods.ts";
import { neighborOf } from "../kube-router/session-causes.ts";
import { AT_ONCE } from "../kube-router/stale-pods.ts";
import type { RotatedSession, RotationArguments } from "./arguments.ts";

type End = Pick<RotationArguments, "cni" | "namespace">;

/** The sessions that the nodes themselves do not call Established; one of a node that says nothing is among them. Only reads. */
export function downInCluster(
  reader: ClusterReader,
  { cni, namespace }: End,
  sessions: readonly RotatedSession[],
): Promise<Result<readonly RotatedSession[]>> {
  if (cni === "calico") return downInCalico(reader, sessions);
  return cni === "cilium" ? downInCilium(reader, namespace, sessions) : downInRouters(reader, sessions);
}

/** Asks BIRD: a CalicoNodeStatus is up to ten seconds old, and check mode cannot make one. */
async function downInCalico(
  reader: ClusterReader,
  sessions: readonly RotatedSession[],
): Promise<Result<readonly RotatedSession[]>> {
  const families = [...new Set(sessions.map(({ family }) => family))];
  const reports = await birdReports(reader, nodesOf(sessions), families);
  if (!reports.ok) return reports;
  return ok(
    sessions.filter(({ node, peer_address: address }) => {
      const peer = reports.value?.get(node)?.peers.find((one) => one.address === bareAddress(address));
      return peer?.state !== "Established";
    }),
  );
}

async function downInCilium(
  reader: ClusterReader,
  namespace: string,
  sessions: readonly RotatedSession[],
): Promise<Result<readonly RotatedSession[]>> {
  const installed = await installedVersion(reader, namespace);
  if (!installed.ok) return installed;
  const reports = await nodeReports(reader, nodesOf(sessions), namespace, installed.value?.version);
  if (!reports.ok) return reports;
  const down = new Set(sessionsDown(sessions, reports.value).map(idOf));
  return ok(sessions.filter((session) => down.has(idOf(session))));
}

async function downInRouters(
  reader: ClusterReader,
  sessions: readonly RotatedSession[],
): Promise<Result<readonly RotatedSession[]>> {
  const pods = await routerPods(reader);
  if (!pods.ok) return pods;
  const limit = pLimit(AT_ONCE);
  const asked = await Promise.all(
    nodesOf(sessions).map((node) =>
      limit(async () => {
        const pod = podOn(node, pods.value);
        // One that does not answer has just been started; its sessions are not up.
        const neighbors = pod === undefined ? undefined : await readNeighbors(reader, pod);
        return [node, neighbors?.ok ? neighbors.value : []] as const;
      }),
    ),
  );
  const neighbors = new Map(asked);
  return ok(sessions.filter((session) => neighborOf(session, neighbors.get(session.node) ?? [])?.state !== "Established"));
}

function idOf({ node, peer_address: address }: Pick<RotatedSession, "node" | "peer_address">): string {
  return `${node} ${bareAddress(address)}`;
}

function nodesOf(sessions: readonly RotatedSession[]): readonly string[] {
  return [...new Set(sessions.map(({ node }) => node))];
}
