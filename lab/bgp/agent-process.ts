import type { LabKubeObject, LabNodeState } from "../parts.ts";
import { at, type ClusterReader, listAt, textAt } from "./kube-read.ts";
import type { Speaker } from "./speaker.ts";

/** Label `k8s-app` of the pods in which the BGP programs run. */
const APPS: ReadonlySet<unknown> = new Set(["calico-node", "kube-router", "cilium"]);

/** Which run of a pod's containers this is: a new pod, or a restart of its containers, makes another. */
export function podProcess(pod: LabKubeObject): string {
  const { name, namespace = "" } = pod.metadata;
  const restarts = listAt(pod, "status", "containerStatuses").map((status) => String(at(status, "restartCount") ?? 0));
  const uid = textAt(pod, "metadata", "uid") ?? "";
  return [`${namespace}/${name}`, uid, textAt(pod, "status", "startTime") ?? "", restarts.join("+")].join(" ");
}

/** The same with the start of its machine: containers do not outlive it. */
function processOn(machine: LabNodeState, process: string): string {
  return `${machine.bootId} ${process}`;
}

/**
 * The speakers that really run: a pod that the API still calls Running is not one on a machine that is off, nor after `kubeadm reset`
 * or in a shutdown, which remove the containers.
 */
export function runningSpeakers(speakers: readonly Speaker[], machines: ReadonlyMap<string, LabNodeState>): Speaker[] {
  return speakers.flatMap((speaker) => {
    const machine = machines.get(speaker.node);
    return machine === undefined || !runsContainers(machine)
      ? []
      : [{ ...speaker, process: processOn(machine, speaker.process) }];
  });
}

/**
 * Every BGP program that runs, also one that has nothing to do: a Cilium agent that no cluster configuration selects has taken its peers
 * away, one that was killed has not. A pod whose Node was deleted is killed.
 */
export function runningProcesses(cluster: ClusterReader, machines: ReadonlyMap<string, LabNodeState>): Set<string> {
  const found = new Set<string>();
  for (const pod of cluster.list("Pod")) {
    if (!APPS.has(pod.metadata.labels?.["k8s-app"]) || textAt(pod, "status", "phase") !== "Running") continue;
    const node = textAt(pod, "spec", "nodeName") ?? "";
    const machine = machines.get(node);
    if (machine === undefined || !runsContainers(machine) || cluster.find("Node", node) === undefined) continue;
    found.add(processOn(machine, podProcess(pod)));
  }
  return found;
}

function runsContainers({ poweredOn, containers }: LabNodeState): boolean {
  return poweredOn && containers;
}
