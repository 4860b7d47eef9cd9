import type { KubeObject } from "../objects/kube-object.ts";
import type { Pace } from "../pace.ts";

/**
 * When the containers of a pod start. A workload comes up at once the first time; a pod that replaces another takes a moment, so that budgets
 * hold back and rollouts can be watched.
 */
export class PodStarts {
  readonly #pace: Pace;
  /** Template hashes with which a workload was complete once, by its uid. */
  readonly #complete = new Map<string, Set<string>>();
  readonly #due = new Map<string, number>();

  constructor(pace: Pace) {
    this.#pace = pace;
  }

  /** Notes that all pods of a workload run with this template. */
  complete(workload: KubeObject, hash: string): void {
    const { uid = "" } = workload.metadata;
    const known = this.#complete.get(uid);
    if (known === undefined) this.#complete.set(uid, new Set([hash]));
    else known.add(hash);
  }

  /**
   * How long a new pod of a workload takes, one of `count`. A Deployment's new template comes up at once too: what an installer waits for.
   */
  delay(workload: KubeObject, hash: string, count: number): number {
    const known = this.#complete.get(workload.metadata.uid ?? "");
    if (known?.has(hash) === true) return this.#pace.podStart;
    if (known === undefined || workload.kind !== "DaemonSet") return 0;
    return Math.min(this.#pace.podStart, this.#pace.rollout / Math.max(1, count));
  }

  /** A pod's containers start at a time, not before. */
  startAt(pod: KubeObject, time: number): void {
    this.#due.set(pod.metadata.uid ?? "", time);
  }

  /** The time at which a pod may start; undefined: now. */
  dueAt(pod: KubeObject): number | undefined {
    return this.#due.get(pod.metadata.uid ?? "");
  }

  /** A pod runs, or is gone. */
  forget(pod: KubeObject): void {
    this.#due.delete(pod.metadata.uid ?? "");
  }

  /** How long containers take to start again after their machine did. */
  get again(): number {
    return this.#pace.podStart;
  }
}
