import type { Secret } from "../../secret.ts";
import type { ClusterReader, ClusterResource, ClusterWriter } from "../cluster.ts";
import type { Connection } from "../connection.ts";
import { createCalicoctl } from "./calicoctl.ts";
import type { ClusterParts } from "./cluster-parts.ts";
import { clusterReader } from "./cluster-reader.ts";
import { clusterWriter } from "./cluster-writer.ts";
import { createDiscovery } from "./discovery.ts";
import { planCluster } from "./plan-cluster.ts";
import { createPrograms } from "./programs.ts";
import { createProjection } from "./projection.ts";
import { type ClusterTimeouts, DEFAULT_TIMEOUTS } from "./timeouts.ts";

/** Which cluster, with which programs, and whether it may be written. */
export interface ClusterOptions {
  /** kubectl program (variable `cluster.kubectl`); default: found on PATH. */
  readonly kubectl?: string | undefined;
  /** helm program (variable `cluster.helm`); default: found on PATH. */
  readonly helm?: string | undefined;
  /** calicoctl program (variable `cni.calicoctl`); default: found on PATH. Started only where Calico's API is not served. */
  readonly calicoctl?: string | undefined;
  /** Path of the kubeconfig, `~/` allowed; default: $KUBECONFIG, then ~/.kube/config. */
  readonly kubeconfig?: string | undefined;
  /** Context in the kubeconfig; default: its current one. */
  readonly context?: string | undefined;
  /** Check mode: the connection has no writer, and planned changes are laid over what is read. */
  readonly check: boolean;
  /** Secrets of the run, masked in whatever the programs print. */
  readonly secrets: Iterable<Secret>;
  readonly timeouts?: Partial<ClusterTimeouts> | undefined;
}

/** The cluster's side of one run. */
export interface ClusterSession {
  connection(): Connection<ClusterResource, ClusterReader, ClusterWriter>;
  /** Processes started so far, `{ kubectl: 12, helm: 3 }`. */
  counts(): Readonly<Record<string, number>>;
  /** Removes the run's own discovery cache. */
  close(): void;
}

/** Opens a cluster for one run. Nothing is started before the first read. */
export function openCluster(options: ClusterOptions): ClusterSession {
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const programs = createPrograms(options, timeouts);
  const discovery = createDiscovery(programs);
  const projection = createProjection();
  const calicoctl = createCalicoctl(programs, discovery, projection);
  const parts: ClusterParts = { programs, discovery, projection, calicoctl, timeouts, check: options.check };
  const reader = clusterReader(parts);
  const writer = options.check ? undefined : clusterWriter(parts);
  return {
    connection: () => ({
      reader,
      writer,
      plan: (resources) => planCluster(parts, resources, options.secrets),
    }),
    counts: programs.counts,
    close: programs.close,
  };
}
