import { type OutageAfter, outageAfter } from "../../outage-after.ts";
import type { Faults } from "../../spec.ts";

/**
 * Faults of the API, each used up as it happens: `kube.refuse=N`, `kube.503=N`, `kube.401=N`, `kube.refuse_after=WRITES:SECONDS`, and the
 * lasting `kube.slow=milliseconds`.
 */
export interface KubeFaults {
  /** Whether the next connection is reset. */
  refuseConnection(): boolean;
  /** Connections are reset for a while, once so many writes were carried out. */
  readonly outage: OutageAfter;
  /** HTTP status of the next answer; undefined: the true one. */
  answerWith(): 401 | 503 | undefined;
  /** Milliseconds before each answer. */
  readonly delay: number;
}

/** Reads the faults that concern the API; others are not its business. */
export function kubeFaults(faults: Faults): KubeFaults {
  const left = new Map([...faults].map(([name, value]) => [name, Number(value) || 0]));
  const use = (name: string): boolean => {
    const count = left.get(name) ?? 0;
    left.set(name, count - 1);
    return count > 0;
  };
  return {
    outage: outageAfter(faults.get("kube.refuse_after")),
    refuseConnection: () => use("kube.refuse"),
    answerWith: () => (use("kube.503") ? 503 : use("kube.401") ? 401 : undefined),
    delay: left.get("kube.slow") ?? 0,
  };
}
