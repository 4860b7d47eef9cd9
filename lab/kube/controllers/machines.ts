import { isDeepStrictEqual } from "node:util";
import type { LabNodeState } from "../../parts.ts";

/** What the cluster notices of a machine. */
export type MachineState = Pick<LabNodeState, "name" | "poweredOn" | "bootId" | "kubelet">;

/** Which kubelets run. Until somebody tells, all do. */
export class Machines {
  #states: ReadonlyMap<string, MachineState> | undefined;
  readonly #started = new Set<string>();
  readonly #silentSince = new Map<string, number>();

  /** Takes over what runs now; false when nothing is new. A machine that is left out has gone. */
  update(states: readonly MachineState[]): boolean {
    const before = this.#states;
    const now = new Map(
      states.map(({ name, poweredOn, bootId, kubelet }) => [name, { name, poweredOn, bootId, kubelet: kubelet && poweredOn }]),
    );
    if (isDeepStrictEqual(before, now)) return false;
    this.#states = now;
    for (const { name, bootId, kubelet } of before === undefined ? [] : now.values()) {
      const earlier = before?.get(name);
      if (kubelet && (earlier?.kubelet !== true || earlier.bootId !== bootId)) this.#started.add(name);
    }
    return true;
  }

  /** A kubelet that `kubeadm join` starts. */
  start(node: string): void {
    this.#started.add(node);
    const state = this.#states?.get(node);
    if (this.#states !== undefined && state !== undefined) {
      this.#states = new Map([...this.#states, [node, { ...state, kubelet: state.poweredOn }]]);
    }
  }

  /** Whether the kubelet of a node runs. */
  runs(node: string): boolean {
    return this.#states === undefined || this.#states.get(node)?.kubelet === true;
  }

  /** `/proc/sys/kernel/random/boot_id` of a machine; undefined when nobody has told. */
  bootId(node: string): string | undefined {
    return this.#states?.get(node)?.bootId;
  }

  /** Since when a kubelet has been silent, as it was first noticed; undefined while it runs. */
  silentSince(node: string, now: number): number | undefined {
    if (this.runs(node)) {
      this.#silentSince.delete(node);
      return undefined;
    }
    const since = this.#silentSince.get(node) ?? now;
    this.#silentSince.set(node, since);
    return since;
  }

  /** Nodes whose kubelet has started since the last call. */
  takeStarted(): readonly string[] {
    const started = [...this.#started];
    this.#started.clear();
    return started;
  }
}
