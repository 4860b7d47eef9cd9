import type { Controller } from "../controllers/world.ts";
import { type AbandonedBlocks, assignBlocks } from "./block-affinities.ts";
import { assignServiceAddresses } from "./load-balancer.ts";
import { startManifestInstall } from "./manifest.ts";

/**
 * What Calico's own pods do, whoever installed them: calico-node makes the first pools of a manifest install and takes blocks,
 * calico-kube-controllers hands out load balancer addresses.
 */
export function calicoAgents(): Controller {
  const abandoned: AbandonedBlocks = new Map();
  return (world) => {
    startManifestInstall(world);
    assignBlocks(world, abandoned);
    assignServiceAddresses(world);
  };
}
