import type { Controller } from "../controllers/world.ts";
import { keepNodeConfigs } from "./bgp.ts";
import { rememberConfig, runningOperator } from "./config.ts";
import { registerDefinitions } from "./definitions.ts";
import { assignServiceAddresses } from "./lb-ipam.ts";
import { keepNodes } from "./nodes.ts";

/**
 * What cilium-operator does once a pod of its Deployment runs: registers Cilium's kinds, gives nodes their pod prefixes, makes the nodes' BGP
 * configurations and hands out load balancer addresses. Without it everything stays as it is.
 */
export const ciliumOperator: Controller = (world) => {
  rememberConfig(world);
  const operator = runningOperator(world);
  if (operator === undefined) return;
  registerDefinitions(world, operator.release);
  keepNodes(world, operator);
  keepNodeConfigs(world, operator);
  assignServiceAddresses(world, operator);
};
