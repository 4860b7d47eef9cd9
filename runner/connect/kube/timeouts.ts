/** How long things may take. */
export interface ClusterTimeouts {
  /** Seconds for one request of kubectl to the API server. */
  readonly requestSeconds: number;
  /** Seconds for one kubectl process. */
  readonly processSeconds: number;
  /** Seconds that a program over its time limit is given to end by itself. */
  readonly graceSeconds: number;
  /** Seconds that a kind may take to be served after its CRD was written. */
  readonly crdSeconds: number;
  /** Milliseconds before the first retry; doubled each time. */
  readonly retryMilliseconds: number;
  /** Milliseconds between looks while waiting. */
  readonly pollMilliseconds: number;
}

/** What is used unless somebody says otherwise. */
export const DEFAULT_TIMEOUTS: ClusterTimeouts = {
  requestSeconds: 30,
  processSeconds: 120,
  graceSeconds: 5,
  crdSeconds: 60,
  retryMilliseconds: 500,
  pollMilliseconds: 1000,
};
