import { isReady } from "../controllers/pods.ts";
import type { Controller, World } from "../controllers/world.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { type KubeObject, textAt } from "../objects/kube-object.ts";
import { assignAddresses, rangeOf } from "../services/load-balancer.ts";
import { flagsOf, isOn } from "./arguments.ts";

/** Annotation of a kube-router pod in the lab: its node's annotations as they were when it started, as JSON. */
export const NODE_ANNOTATIONS = "lab.underlay/node-annotations";

/** Load balancer classes that kube-router's allocator serves beside services without one. */
const CLASSES = ["default", "kube-router"];

/**
 * What kube-router's pods do in the lab: each reads its node's annotations once, when it starts, so a later change waits for the pod's
 * restart; and where they run with `--run-loadbalancer` the one that leads gives services an address of `--loadbalancer-ip-range`.
 */
export const kubeRouter: Controller = (world) => {
  const resource = builtinOf("Pod");
  const pods = world.store
    .list(resource.storage)
    .filter((pod) => pod.metadata.labels?.["k8s-app"] === "kube-router" && isReady(pod));
  for (const pod of pods) if (pod.metadata.annotations?.[NODE_ANNOTATIONS] === undefined) remember(world, pod);
  const [leader] = pods;
  if (leader !== undefined) allocate(world, leader);
};

function remember(world: World, pod: KubeObject): void {
  const { name, namespace = "default" } = pod.metadata;
  const node = world.store.get(builtinOf("Node").storage, undefined, textAt(pod, "spec", "nodeName"));
  const annotations = { [NODE_ANNOTATIONS]: JSON.stringify(node?.metadata.annotations ?? {}) };
  world.ensure(builtinOf("Pod"), { name, namespace }, { metadata: { annotations } }, "lab");
}

function allocate(world: World, leader: KubeObject): void {
  const flags = flagsOf(leader);
  if (!isOn(flags, "run-loadbalancer", false)) return;
  const ranges = (flags.get("loadbalancer-ip-range") ?? []).flatMap((cidr) => rangeOf(cidr, false) ?? []);
  assignAddresses(world, (service) => {
    const name = textAt(service, "spec", "loadBalancerClass");
    const mine = name === "" ? isOn(flags, "loadbalancer-default-class", true) : CLASSES.includes(name);
    return mine ? { ranges, requested: [] } : undefined;
  });
}
