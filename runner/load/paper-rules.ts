import { bgpRules } from "./bgp-rules.ts";
import { cablingRules } from "./cabling-rules.ts";
import { distributionRules } from "./distribution-rules.ts";
import type { InventoryRule } from "./inventory-rule.ts";
import { machineRules } from "./machine-rules.ts";
import { routeRules } from "./route-rules.ts";
import { scaleRules } from "./scale-rules.ts";

/**
 * What the white paper asks of an inventory beyond sound addresses, each message with the section. What only the live fabric and cluster can tell is in
 * preflight.fabric and preflight.cluster; what depends on a task's arguments, its task type refuses.
 */
export const paperRules: readonly InventoryRule[] = [
  ...scaleRules,
  ...routeRules,
  ...bgpRules,
  ...cablingRules,
  ...machineRules,
  ...distributionRules,
];
