import { writeFileSync } from "node:fs";
import path from "node:path";

/** How ports are configured on the fabric (access_policies.model). */
export type PortModel = "profiles" | "port";

/** Name of the objects around the ports. */
export const POLICIES = { vlan_pool: "servers", aaep: "servers", lacp_policy: "servers-lacp" } as const;

const RACKS: readonly (readonly [nodes: readonly string[], leaves: readonly [string, string]])[] = [
  [
    ["master-1", "worker-1", "worker-2"],
    ["leaf201", "leaf202"],
  ],
  [
    ["master-2", "worker-3", "worker-4"],
    ["leaf203", "leaf204"],
  ],
];

/**
 * An inventory to lay over one of the lab's: the port of every node on both leaves of its rack, and access policies for them. `mixed`: the
 * last node of the first rack has a port channel to one leaf, the last of the second a single port.
 */
export function writeCabling(directory: string, model: PortModel, mixed: boolean): string {
  const hosts = RACKS.flatMap(([nodes, leaves], rack) =>
    nodes.map((node, index) => {
      const port = `1/${11 + index}`;
      const [first, second] = leaves;
      const alone = mixed && index === nodes.length - 1;
      if (!alone) return [node, { ports: { [first]: port, [second]: port } }] as const;
      const attachment = rack === 0 ? "port_channel" : "port";
      return [node, { leaves: [first], ports: { [first]: port }, attachment, interfaces: ["eno1"] }] as const;
    }),
  );
  const inventory = {
    all: {
      vars: { access_policies: { ...POLICIES, model } },
      children: { nodes: { hosts: Object.fromEntries(hosts) } },
    },
  };
  const file = path.join(directory, "cabling.yaml");
  writeFileSync(file, JSON.stringify(inventory, null, 2));
  return file;
}
