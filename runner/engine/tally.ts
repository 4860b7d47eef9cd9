import type { HostRecap, TaskStatus } from "../event.ts";

/**
 * Counts results for the recap. As in Ansible, a failure that was ignored or rescued is not counted as failed, but as ok: the
 * host went on. Hosts without any result are not listed: the controllers that the first one spoke for, and hosts never reached.
 */
export class Tally {
  readonly #hosts = new Map<string, Record<TaskStatus, number>>();
  #changes = 0;

  /** Counts the result of one task on one host; `changes` are those carried out (check mode: planned). */
  count(host: string, status: TaskStatus, changes: number): void {
    this.#of(host)[status] += 1;
    this.#changes += changes;
  }

  /** A `rescue` takes care of the host's last failure; should it fail itself, that failure counts. */
  rescued(host: string): void {
    const counts = this.#of(host);
    counts.failed -= 1;
    counts.ok += 1;
  }

  get changes(): number {
    return this.#changes;
  }

  /** Counts by host, in the order given. */
  recap(order: Iterable<string>): Readonly<Record<string, HostRecap>> {
    return Object.fromEntries(
      [...order].flatMap((host) => {
        const counts = this.#hosts.get(host);
        return counts === undefined ? [] : [[host, { ...counts }]];
      }),
    );
  }

  #of(host: string): Record<TaskStatus, number> {
    const known = this.#hosts.get(host);
    if (known) return known;
    const fresh = { ok: 0, changed: 0, skipped: 0, failed: 0, unreachable: 0, unknown: 0 };
    this.#hosts.set(host, fresh);
    return fresh;
  }
}
