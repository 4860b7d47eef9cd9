import { isObject } from "../../runner/json.ts";
import type { StateFile } from "../state.ts";

/**
 * Presses the power button of a node whose lab does not run: `on`, it starts with the lab; `off`, it is off then. False when the saved state
 * knows no such node.
 */
export function setPower(state: StateFile, node: string, power: "on" | "off"): boolean {
  const saved = state.read();
  const machine = isObject(saved) && isObject(saved.nodes) ? saved.nodes[node] : undefined;
  if (!isObject(saved) || !isObject(saved.nodes) || !isObject(machine)) return false;
  const isOff = machine.power === "off";
  // What is saved as booting is started by the next lab; what runs stays as it is.
  if (isOff === (power === "off")) return true;
  const nodes = { ...saved.nodes, [node]: { ...machine, power: power === "on" ? "booting" : "off" } };
  state.write(() => ({ ...saved, nodes }));
  state.flush();
  return true;
}
