import type { Faults } from "../spec.ts";

/** Faults of nodes, asked at the moment they would happen. */
export interface NodeFaults {
  /** `node.down=NAME[,NAME]`: switched off. */
  isDown(node: string): boolean;
  /** `node.stays_down=NAME[,NAME]`: does not come back from a reboot. */
  staysDown(node: string): boolean;
  /** `time.speed=N`: times of machines and sessions pass N times as fast. */
  speed(): number;
  /** `node.slow=MS`: milliseconds before each command. */
  delay(): number;
  /** Counts a command; true for the Nth of all nodes when `node.drop_after=N`, once. */
  dropsNow(): boolean;
}

/** Reads the faults that nodes know. */
export function nodeFaults(faults: Faults): NodeFaults {
  let commands = 0;
  return {
    isDown: (node) => (faults.get("node.down") ?? "").split(",").includes(node),
    staysDown: (node) => (faults.get("node.stays_down") ?? "").split(",").includes(node),
    speed: () => Number(faults.get("time.speed") ?? 1),
    delay: () => Number(faults.get("node.slow") ?? 0),
    dropsNow() {
      commands += 1;
      return commands === Number(faults.get("node.drop_after") ?? 0);
    },
  };
}
