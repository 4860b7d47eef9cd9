import type { KubeObject, ObjectReference } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { CORDONED, JOINING, WITHDRAWN } from "./node-marks.ts";

/** What a Node says about itself that day 2 goes by. */
export interface NodeState {
  readonly name: string;
  /** Condition Ready is True. */
  readonly ready: boolean;
  /** `spec.unschedulable`: cordoned, by whomever. */
  readonly cordoned: boolean;
  /** It carries our annotation; undefined: not cordoned by us. */
  readonly cordonedBy: string | undefined;
  readonly withdrawn: boolean;
  /** It still has the taint with which k8s.join let it in. */
  readonly joining: boolean;
  /** It has kubeadm's label of a control plane node. */
  readonly controlPlane: boolean;
  /** Ready, not cordoned, and no taint keeps pods without a toleration away. */
  readonly takesPods: boolean;
  /** InternalIPs, without prefix length. */
  readonly addresses: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** kubeadm's label, with any value (Kubernetes documentation, Well-Known Labels). */
const CONTROL_PLANE = "node-role.kubernetes.io/control-plane";

/** Effects that keep new pods away (Kubernetes documentation, Taints and Tolerations). */
const KEEPS_AWAY: readonly unknown[] = ["NoSchedule", "NoExecute"];

/** Reads a Node, in check mode also one that is only planned. */
export function nodeState({ metadata, spec, status }: KubeObject): NodeState {
  const { name, labels = {}, annotations = {} } = metadata;
  const taints = isObject(spec) && Array.isArray(spec.taints) ? spec.taints.filter(isObject) : [];
  const conditions = isObject(status) && Array.isArray(status.conditions) ? status.conditions.filter(isObject) : [];
  const addresses = isObject(status) && Array.isArray(status.addresses) ? status.addresses.filter(isObject) : [];
  const ready = conditions.some(({ type, status }) => type === "Ready" && status === "True");
  const cordoned = isObject(spec) && spec.unschedulable === true;
  return {
    name,
    ready,
    cordoned,
    cordonedBy: annotations[CORDONED],
    withdrawn: labels[WITHDRAWN] === "true",
    joining: taints.some(({ key, effect }) => key === JOINING.key && effect === JOINING.effect),
    controlPlane: CONTROL_PLANE in labels,
    takesPods: ready && !cordoned && !taints.some(({ effect }) => KEEPS_AWAY.includes(effect)),
    addresses: addresses.filter(({ type }) => type === "InternalIP").map(({ address }) => String(address)),
    labels,
  };
}

/** What to look a Node up by. */
export function nodeNamed(name: string): ObjectReference {
  return { apiVersion: "v1", kind: "Node", name };
}
