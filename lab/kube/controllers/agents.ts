import { builtinOf } from "../objects/builtin-resources.ts";
import { type KubeObject, textAt } from "../objects/kube-object.ts";
import { isReady } from "./pods.ts";
import type { World } from "./world.ts";

/** The CNIs' agents: label `k8s-app` of the pod that each runs on every node. */
export type Agent = "calico-node" | "kube-router" | "cilium";

const AGENTS: readonly Agent[] = ["calico-node", "kube-router", "cilium"];

/** The agent of a CNI that runs on each node, by node name. A node without one is not in the map. */
export function agentsByNode(world: World): ReadonlyMap<string, Agent> {
  const found = new Map<string, Agent>();
  for (const pod of world.store.list(builtinOf("Pod").storage)) {
    const agent = agentOf(pod);
    if (agent !== undefined && isReady(pod)) found.set(textAt(pod, "spec", "nodeName"), agent);
  }
  return found;
}

/** Names of the nodes that an agent's pod is on, whether it runs or not. */
export function nodesWithAgentPod(world: World): ReadonlySet<string> {
  const pods = world.store.list(builtinOf("Pod").storage).filter((pod) => agentOf(pod) !== undefined);
  return new Set(pods.map((pod) => textAt(pod, "spec", "nodeName")));
}

function agentOf(pod: KubeObject): Agent | undefined {
  return AGENTS.find((name) => name === pod.metadata.labels?.["k8s-app"]);
}

/** Names of the nodes on which an agent runs. */
export function nodesWith(world: World, agent: Agent): readonly string[] {
  return [...agentsByNode(world)].filter(([, name]) => name === agent).map(([node]) => node);
}
