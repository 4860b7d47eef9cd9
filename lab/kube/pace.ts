import type { Faults } from "../spec.ts";

/** How long things take in the lab's cluster, all in milliseconds. */
export interface Pace {
  /** From the placing of a pod that replaces another to its running. */
  readonly podStart: number;
  /** All the pods of a DaemonSet's update, however many: each takes its share, `podStart` at most. */
  readonly rollout: number;
  /** How long a silent kubelet's Node stays Ready (kube-controller-manager's --node-monitor-grace-period). */
  readonly monitorGrace: number;
  /** One second of `tolerationSeconds`. */
  readonly second: number;
  /** Until Calico's kube-controllers releases the blocks of a deleted node; real ones look every five minutes (facts, cni.md 4.5). */
  readonly blockRelease: number;
}

/** The pace of a lab: that of a real cluster where its waiting matters, divided by the fault `time.speed=N`. */
export function paceOf(faults: Faults): Pace {
  const given = Number(faults.get("time.speed") ?? 1);
  const speed = given > 0 ? given : 1;
  return {
    podStart: 300 / speed,
    rollout: 3000 / speed,
    monitorGrace: 40_000 / speed,
    second: 1000 / speed,
    blockRelease: 2000 / speed,
  };
}
