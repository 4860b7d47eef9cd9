import { error, type Finding, warning } from "./finding.ts";
import type { LeavingEvidence } from "./leaving-evidence.ts";
import { hopelessBudgets, type Rule } from "./leaving-rules.ts";

/** Nodes that are to be out of service at the same time, and come back. */
export interface MaintenanceWish {
  readonly nodes: readonly string[];
}

type MaintenanceRule = Rule<MaintenanceWish>;

/** A node that is not there has nothing to be drained. */
const areThere: MaintenanceRule = ({ nodes }, found) => {
  const missing = nodes.filter((node) => !found.nodes.some(({ name }) => name === node));
  return missing.length === 0 ? [] : [error(`not in the cluster: ${missing.join(", ")}: add-node.yaml takes nodes in`)];
};

/** Pods wait until a node is back when no other takes them (Kubernetes documentation, Taints and Tolerations). */
const somewhereToWait: MaintenanceRule = ({ nodes }, found) => {
  if (found.nodes.some(({ name, takesPods }) => takesPods && !nodes.includes(name))) return [];
  return [
    warning(
      `no other node takes pods (Ready, without cordon or taint): evicted ones stay Pending until ${nodes.join(", ")} is back (Kubernetes documentation, Safely Drain a Node)`,
    ),
  ];
};

/**
 * A member of etcd that is down still counts: of three, two must run (etcd documentation, FAQ: failure tolerance). Two members and one
 * cannot spare any; the API server is then away as long as the node is, which only one node at a time makes bearable.
 */
const etcdMajority: MaintenanceRule = ({ nodes }, found) => {
  const members = found.nodes.filter(({ controlPlane }) => controlPlane);
  const resting = members.filter(({ name }) => nodes.includes(name));
  const others = members.filter(({ name }) => !nodes.includes(name));
  const majority = found.externalEtcd ? 1 : Math.floor(members.length / 2) + 1;
  const ready = others.filter((node) => node.ready).length;
  if (resting.length === 0 || ready >= majority) return [];
  const names = resting.map(({ name }) => name).join(", ");
  const source = found.externalEtcd
    ? "an API server (Kubernetes documentation, Options for Highly Available Topology)"
    : `${majority} of ${members.length} members of etcd (etcd documentation, FAQ: failure tolerance)`;
  const lack = `${names}: ${ready} Ready control plane ${ready === 1 ? "node" : "nodes"} would be left, and the cluster needs ${source}`;
  if (resting.length > 1) {
    return [error(`${lack}: one control plane node at a time, by serial: 1 or -e across=VARIABLE`)];
  }
  const down = others.filter((node) => !node.ready).map(({ name }) => name);
  if (down.length > 0) return [error(`${lack}: bring ${down.join(", ")} up first`)];
  return [warning(`${lack}: while the node is down kubectl gets no answer; pods and routes of the other nodes are not touched`)];
};

const rules: readonly MaintenanceRule[] = [areThere, somewhereToWait, etcdMajority, hopelessBudgets];

/** Everything in the cluster that speaks against these nodes being out of service together. */
export function judgeMaintenance(wish: MaintenanceWish, found: LeavingEvidence): readonly Finding[] {
  return rules.flatMap((rule) => rule(wish, found));
}
