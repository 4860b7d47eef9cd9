import type { KubeObject } from "../../runner/connect/cluster.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import { type FakeCluster, fakeCluster } from "../k8s/fake-cluster.ts";

/** A password that must never be seen. */
export const CANARY = "canary-bgp-password";
export const ENCODED = Buffer.from(CANARY).toString("base64");

/** A session of the plan, as `underlay.sessions` has it: with more keys than the task types look at. */
export function session(node: string, peer: string, more: Record<string, unknown> = {}) {
  return {
    ...{ node, rack_id: "1", leaf: `leaf${peer.split(/[.:]/).at(-1)}`, leaf_id: 201, family: "ipv4" },
    ...{ peer_address: peer, local_address: "192.168.43.1", ...more },
  };
}

/** A line of the annotation `kube-router.io/peers`. */
export function peerLine(address: string, password: string | undefined = CANARY, asn = 65002): string {
  const encoded = password === undefined ? "" : `, password: ${Buffer.from(password).toString("base64")}`;
  return `- {remoteip: "${address}", remoteasn: ${asn}${encoded}}\n`;
}

export function node(name: string, annotations: Record<string, string> = {}): KubeObject {
  return { apiVersion: "v1", kind: "Node", metadata: { name, annotations }, spec: { podCIDRs: ["192.168.44.0/28"] } };
}

export function pod(
  onNode: string,
  uid: string,
  more: { readonly ready?: boolean; readonly args?: readonly string[] } = {},
): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    // A real name would be another for each pod; that it may be the same must not matter.
    metadata: { name: `kube-router-${onNode}`, namespace: "kube-system", uid, labels: { "k8s-app": "kube-router" } },
    spec: {
      nodeName: onNode,
      containers: [
        {
          name: "kube-router",
          image: "docker.io/cloudnativelabs/kube-router:v2.11.1",
          args: [...(more.args ?? ["--run-router=true"])],
        },
      ],
    },
    status: { conditions: [{ type: "Ready", status: more.ready === false ? "False" : "True" }] },
  };
}

export function daemonSet(counts: {
  readonly desired: number;
  readonly available: number;
  readonly generation?: number;
}): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "kube-router", namespace: "kube-system", generation: counts.generation ?? 1 },
    spec: { updateStrategy: { type: "RollingUpdate" } },
    status: {
      observedGeneration: 1,
      desiredNumberScheduled: counts.desired,
      updatedNumberScheduled: counts.desired,
      numberAvailable: counts.available,
    },
  };
}

/** An item of `gobgp neighbor -j`, as GoBGP prints it: zero left out, enums as numbers, the password in clear. */
export function neighbor(
  address: string,
  more: {
    readonly state?: number;
    readonly asn?: number;
    readonly password?: string;
    readonly received?: number;
    readonly accepted?: number;
    readonly admin?: number;
  } = {},
) {
  const { state = 6, asn = 65002, password = CANARY, received = 3, accepted = 3, admin } = more;
  return {
    conf: { neighbor_address: address, peer_asn: asn, local_asn: 65003, auth_password: password },
    state: { session_state: state, ...(admin === undefined ? {} : { admin_state: admin }) },
    afi_safis: [{ state: { received, ...(accepted === 0 ? {} : { accepted }) } }],
    transport: { remote_port: 179 },
  };
}

/** What gobgp prints in the pod of a node; `undefined`: it does not answer. */
export type Programs = (node: string, command: string) => unknown;

/** A cluster with kube-router in it. `pods` is asked each time, so that they can come and go. */
export function running(
  nodes: readonly KubeObject[],
  pods: () => readonly KubeObject[],
  programs: Programs,
  set?: () => KubeObject,
): FakeCluster {
  const lists = {
    nodes,
    get pods() {
      return pods();
    },
    get "daemonsets.apps"() {
      return set === undefined ? [daemonSet({ desired: nodes.length, available: nodes.length })] : [set()];
    },
  };
  return fakeCluster(lists, {
    exec: async ({ pod: name }, command): Promise<Result<string>> => {
      const printed = programs(name.slice("kube-router-".length), command.join(" "));
      const failure = { kind: "failed", doing: "exec", message: "connection refused" } as const;
      return printed === undefined ? failed(failure) : ok(typeof printed === "string" ? printed : JSON.stringify(printed));
    },
  });
}
