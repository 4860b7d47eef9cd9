import type { KubeObject } from "../../runner/connect/cluster.ts";
import { MANAGED_BY } from "../calico/managed-by.ts";
import { KUBECONFIG } from "./daemon-arguments.ts";
import { NAMESPACE } from "./pods.ts";

/** Name of every object here but the ConfigMap; upstream's, so that what was installed from there is taken over. */
const NAME = "kube-router";
const CONFIG = "kube-router-cfg";
const LABELS = { "k8s-app": "kube-router", tier: "node" } as const;
const CNI_FILE = "/etc/cni/net.d/10-kuberouter.conflist";
const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
const HEALTH = { path: "/healthz", port: 20244 } as const;

/** What the objects of an installation depend on. */
export interface Installation {
  /** With tag. */
  readonly image: string;
  readonly arguments: readonly string[];
  /** Address of the Kubernetes API; undefined: as kube-proxy's kubeconfig says. */
  readonly apiServer: string | undefined;
  /** May write load balancer addresses into services. */
  readonly allocatesLoadBalancers: boolean;
}

/** What kube-router needs in a cluster, in the order of writing (facts 2.1; upstream's folder daemonset/). */
export function daemonSetObjects(installation: Installation): readonly KubeObject[] {
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: NAME, namespace: NAMESPACE, labels: MANAGED_BY } },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: NAME, labels: MANAGED_BY },
      rules: rules(installation.allocatesLoadBalancers),
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: NAME, labels: MANAGED_BY },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: NAME },
      subjects: [{ kind: "ServiceAccount", name: NAME, namespace: NAMESPACE }],
    },
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: CONFIG, namespace: NAMESPACE, labels: { ...LABELS, ...MANAGED_BY } },
      data: {
        "cni-conf.json": `${JSON.stringify(cniConfiguration, null, 2)}\n`,
        ...(installation.apiServer === undefined ? {} : { kubeconfig: kubeconfig(installation.apiServer) }),
      },
    },
    {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: { name: NAME, namespace: NAMESPACE, labels: { ...LABELS, ...MANAGED_BY } },
      spec: {
        selector: { matchLabels: LABELS },
        updateStrategy: { type: "RollingUpdate" },
        template: { metadata: { labels: LABELS }, spec: podSpec(installation) },
      },
    },
  ];
}

/** A bridge for the node's pods; kube-router itself writes the node's pod prefixes into its copy on the node. */
const cniConfiguration = {
  cniVersion: "0.3.0",
  name: "kube-router",
  plugins: [
    {
      name: "kubernetes",
      type: "bridge",
      bridge: "kube-bridge",
      isDefaultGateway: true,
      hairpinMode: true,
      ipam: { type: "host-local" },
    },
  ],
};

function rules(allocates: boolean) {
  const reads = { verbs: ["get", "list", "watch"] };
  return [
    { apiGroups: [""], resources: ["namespaces", "pods", "services", "nodes", "endpoints"], ...reads },
    { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], ...reads },
    { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], ...reads },
    ...(allocates
      ? [
          { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update"] },
          { apiGroups: [""], resources: ["services/status"], verbs: ["update"] },
        ]
      : []),
  ];
}

/** The account's own token against an address that does not depend on a service proxy, which may be kube-router itself. */
function kubeconfig(server: string): string {
  const name = "kube-router";
  return `${JSON.stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name, cluster: { "certificate-authority": `${ACCOUNT}/ca.crt`, server } }],
      users: [{ name, user: { tokenFile: `${ACCOUNT}/token` } }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      "current-context": name,
    },
    null,
    2,
  )}\n`;
}

/** Copies the configuration once (kube-router adds to it later) and the plugins that the image brings. */
const INSTALL = `set -e
if [ ! -e ${CNI_FILE} ]; then
  cp /etc/kube-router/cni-conf.json ${CNI_FILE}.new
  mv ${CNI_FILE}.new ${CNI_FILE}
fi
if [ -x /usr/local/bin/cni-install ]; then
  /usr/local/bin/cni-install
fi
`;

function podSpec({ image, arguments: args, apiServer }: Installation) {
  const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
  const host = (name: string, path: string) => ({ name, hostPath: { path } });
  const proxy = { name: "kube-proxy", items: [{ key: "kubeconfig.conf", path: "kubeconfig" }] };
  const own = { name: CONFIG, items: [{ key: "kubeconfig", path: "kubeconfig" }] };
  return {
    priorityClassName: "system-node-critical",
    serviceAccountName: NAME,
    hostNetwork: true,
    hostPID: true,
    // Without a network there is nothing else to wait for: the pod runs wherever a kubelet does.
    tolerations: [
      { operator: "Exists", effect: "NoSchedule" },
      { operator: "Exists", effect: "NoExecute" },
      { operator: "Exists", key: "CriticalAddonsOnly" },
    ],
    initContainers: [
      {
        name: "install-cni",
        image,
        command: ["/bin/sh", "-c", INSTALL],
        volumeMounts: [
          { name: "cni-conf-dir", mountPath: "/etc/cni/net.d" },
          { name: "kube-router-cfg", mountPath: "/etc/kube-router" },
          { name: "host-opt", mountPath: "/opt" },
        ],
      },
    ],
    containers: [
      {
        name: NAME,
        image,
        args,
        env: [
          field("NODE_NAME", "spec.nodeName"),
          field("POD_NAME", "metadata.name"),
          { name: "KUBE_ROUTER_CNI_CONF_FILE", value: CNI_FILE },
        ],
        // Its first look at the cluster may take a minute (--cache-sync-timeout).
        startupProbe: { httpGet: HEALTH, periodSeconds: 5, failureThreshold: 30 },
        livenessProbe: { httpGet: HEALTH, periodSeconds: 3, failureThreshold: 3 },
        resources: { requests: { cpu: "250m", memory: "250Mi" } },
        securityContext: { privileged: true },
        volumeMounts: [
          { name: "lib-modules", mountPath: "/lib/modules", readOnly: true },
          { name: "cni-conf-dir", mountPath: "/etc/cni/net.d" },
          { name: "kubeconfig", mountPath: KUBECONFIG.slice(0, KUBECONFIG.lastIndexOf("/")), readOnly: true },
          { name: "xtables-lock", mountPath: "/run/xtables.lock" },
        ],
      },
    ],
    volumes: [
      host("lib-modules", "/lib/modules"),
      host("cni-conf-dir", "/etc/cni/net.d"),
      host("host-opt", "/opt"),
      { name: "xtables-lock", hostPath: { path: "/run/xtables.lock", type: "FileOrCreate" } },
      { name: "kube-router-cfg", configMap: { name: CONFIG } },
      { name: "kubeconfig", configMap: apiServer === undefined ? proxy : own },
    ],
  };
}
