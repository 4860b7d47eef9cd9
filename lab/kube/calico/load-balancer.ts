import { isReady, podsOf } from "../controllers/pods.ts";
import type { World } from "../controllers/world.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { type KubeObject, listAt, textAt, valueAt } from "../objects/kube-object.ts";
import { assignAddresses, rangeOf } from "../services/load-balancer.ts";
import { atLeast, imageRelease } from "../version.ts";
import { v3Kind } from "./aggregated-api.ts";

/**
 * The load balancer controller of calico-kube-controllers, from 3.30 on (facts, cni.md 1.9): services without a class, or of class `calico`,
 * get an address of the pools for load balancers. Annotations name pools (`projectcalico.org/ipv4pools`) or addresses
 * (`projectcalico.org/loadBalancerIPs`), each a JSON list. Left out: KubeControllersConfiguration, so `assignIPs` is its default AllServices.
 */
export function assignServiceAddresses(world: World): void {
  if (!isRunning(world)) return;
  const pools = world.store
    .list(v3Kind("IPPool").storage)
    .filter((pool) => listAt(pool, "spec", "allowedUses").includes("LoadBalancer") && valueAt(pool, "spec", "disabled") !== true);
  if (pools.length === 0) return;
  assignAddresses(world, (service) => {
    if (!["", "calico"].includes(textAt(service, "spec", "loadBalancerClass"))) return undefined;
    const named = [...annotated(service, "ipv4pools"), ...annotated(service, "ipv6pools")];
    const automatic = (pool: KubeObject) => textAt(pool, "spec", "assignmentMode") !== "Manual";
    const offered = pools.filter((pool) => (named.length === 0 ? automatic(pool) : named.includes(pool.metadata.name)));
    const ranges = offered.flatMap((pool) => rangeOf(textAt(pool, "spec", "cidr"), true) ?? []);
    return { ranges, requested: annotated(service, "loadBalancerIPs") };
  });
}

function isRunning(world: World): boolean {
  const deployments = world.store.list(builtinOf("Deployment").storage);
  return deployments.some((deployment) => {
    if (deployment.metadata.name !== "calico-kube-controllers" || !podsOf(world, deployment).some(isReady)) return false;
    const [container] = listAt(deployment, "spec", "template", "spec", "containers");
    const release = imageRelease(textAt(container, "image"));
    return release !== undefined && atLeast(release, 3, 30);
  });
}

/** A JSON list of an annotation; empty when it is absent or something else. */
function annotated({ metadata }: KubeObject, name: string): readonly string[] {
  const value = metadata.annotations?.[`projectcalico.org/${name}`];
  if (value === undefined) return [];
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) ? list.map(String) : [];
  } catch {
    return [];
  }
}
