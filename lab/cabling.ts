import type { LabNodeState, LabPort } from "./parts.ts";
import type { LabNode } from "./spec.ts";

/** What the leaves see of the nodes: each link is cabled to one leaf, in the order of the inventory. */
export function pluggedPorts(nodes: readonly LabNode[], states: readonly LabNodeState[]): readonly LabPort[] {
  const byName = new Map(states.map((state) => [state.name, state]));
  return nodes.flatMap((node) => {
    const state = byName.get(node.name);
    return node.leaves.flatMap((leafId, index) => {
      const port = node.ports[index];
      const link = state?.links.find(({ name }) => name === node.interfaces[index]);
      if (port === undefined) return [];
      const bond = state?.links.find(({ name, kind }) => kind === "bond" && name === link?.master);
      const up = state?.poweredOn === true && link?.up === true;
      return [{ leafId, port, node: node.name, up, lacp: up && bond?.up === true && bond.mode === "802.3ad" }];
    });
  });
}
