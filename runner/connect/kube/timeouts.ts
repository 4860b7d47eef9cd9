/** How long things may take. */
export interface ClusterTimeouts {
  /** Seconds for one request of kubectl to the API server. */
  readonly requestSeconds: number;
  /** Seconds for one kubectl process. */
  readonly processSeconds: number;
  /** Seconds that a namespace or kind which a release brings may take to appear: an operator pulls images meanwhile. */
  readonly appearSeconds: number;
  /** Milliseconds before the first retry; doubled each time. */
  readonly retryMilliseconds: number;
  /** Milliseconds between looks while waiting. */
  readonly pollMilliseconds: number;
}

/** What is used unless somebody says otherwise. */
export const DEFAULT_TIMEOUTS: ClusterTimeouts = {
  requestSeconds: 30,
  processSeconds: 120,
  appearSeconds: 300,
  retryMilliseconds: 500,
  pollMilliseconds: 1000,
};
