import { error, type Finding, warning } from "./finding.ts";
import type { LeavingEvidence } from "./leaving-evidence.ts";

/** Who is to leave, and how. */
export interface LeavingWish {
  /** Names of the nodes that leave; those that are not in the cluster have left already. */
  readonly nodes: readonly string[];
  /** Whether kubeadm reset runs on them. */
  readonly reset: boolean;
}

/** What speaks against it. */
export type Rule<W = LeavingWish> = (wish: W, found: LeavingEvidence) => readonly Finding[];

/** Evicted pods need a node that takes them (Kubernetes documentation, Safely Drain a Node; Taints and Tolerations). */
const somewhereToGo: Rule = ({ nodes }, found) => {
  const leaving = found.nodes.filter(({ name }) => nodes.includes(name));
  const others = found.nodes.filter(({ name }) => !nodes.includes(name));
  if (leaving.length === 0 || others.some(({ takesPods }) => takesPods)) return [];
  const why =
    others.length === 0
      ? "these are all nodes of the cluster; say with --limit which of them leave"
      : `of the others (${others.map(({ name }) => name).join(", ")}) none is Ready and without cordon or taint; bring one up first`;
  return [error(`evicted pods would have nowhere to go (Kubernetes documentation, Safely Drain a Node): ${why}`)];
};

/**
 * kubeadm puts a member of etcd on each control plane node; kubeadm reset takes it out of etcd's list, kubectl delete node does not.
 * A member that is only gone still counts for the majority (etcd documentation, FAQ: failure tolerance).
 */
const etcdMajority: Rule = ({ nodes, reset }, found) => {
  const members = found.nodes.filter(({ controlPlane }) => controlPlane);
  const leaving = members.filter(({ name }) => nodes.includes(name));
  const rest = members.filter(({ name }) => !nodes.includes(name));
  if (leaving.length === 0) return [];
  const names = leaving.map(({ name }) => name).join(", ");
  if (rest.length === 0) {
    return [
      error(
        `${names}: no control plane node would be left, and with it no cluster (etcd documentation, FAQ): join another one first`,
      ),
    ];
  }
  if (found.externalEtcd) return [];
  const ready = rest.filter((node) => node.ready).length;
  // One at a time each leaves a smaller cluster behind it; several at once must be spared by today's.
  const size = leaving.length === 1 ? rest.length : members.length;
  const majority = Math.floor(size / 2) + 1;
  return [
    ...(reset
      ? []
      : [
          error(
            `${names}: control plane; without kubeadm reset its member stays in etcd, which then counts on one that never comes back (kubeadm documentation, kubeadm reset): say -e reset=true`,
          ),
        ]),
    ...(ready < majority
      ? [
          error(
            `${names}: ${ready} Ready control plane nodes would be left, etcd needs a majority of ${majority} of ${size} (etcd documentation, FAQ: failure tolerance): ${leaving.length > 1 ? "take them out one run after another" : "bring the others up first"}`,
          ),
        ]
      : []),
  ];
};

/** Budgets that no waiting helps: the drain would only run into its time limit. */
export const hopelessBudgets: Rule<Pick<LeavingWish, "nodes">> = ({ nodes }, found) => {
  const left = found.nodes.filter(({ name, takesPods }) => takesPods && !nodes.includes(name)).length;
  const budgets = new Map(found.pods.map(({ budget }) => [`${budget.namespace}/${budget.name}`, budget]));
  return [...budgets].flatMap(([name, { desired, expected }]) => {
    const pods = found.pods.filter(({ budget }) => `${budget.namespace}/${budget.name}` === name);
    const who = pods.map((pod) => `${pod.name} on ${pod.node}`).join(", ");
    if (expected > 0 && desired >= expected) {
      return [
        warning(
          `PodDisruptionBudget ${name} needs all ${expected} pods healthy and never lets one go: the drain will stop at ${who} (Kubernetes documentation, Specifying a Disruption Budget): raise the replicas or loosen the budget first`,
        ),
      ];
    }
    if (desired <= left || !pods.some(({ alone }) => alone)) return [];
    return [
      warning(
        `PodDisruptionBudget ${name} needs ${desired} healthy, each on a node of its own, and ${left} nodes that take pods would be left: the drain will stop at ${who} (Kubernetes documentation, Specifying a Disruption Budget; Assigning Pods to Nodes)`,
      ),
    ];
  });
};

/** Pods on a node whose kubelet is silent are marked as deleted and stay: nobody ends them (Kubernetes documentation, Nodes; Safely Drain a Node). */
const silentKubelets: Rule = ({ nodes }, found) =>
  found.nodes
    .filter(({ name, ready }) => nodes.includes(name) && !ready)
    .map(({ name }) =>
      warning(
        `${name} is not Ready: if its kubelet does not run, nobody ends its pods and the drain will stop at them (Kubernetes documentation, Safely Drain a Node): bring it up first; or, when the machine is off for good, kubectl delete node ${name} and run this again without reset`,
      ),
    );

const rules: readonly Rule[] = [somewhereToGo, etcdMajority, silentKubelets, hopelessBudgets];

/** Everything in the cluster that speaks against these nodes leaving. */
export function judgeLeaving(wish: LeavingWish, found: LeavingEvidence): readonly Finding[] {
  return rules.flatMap((rule) => rule(wish, found));
}
