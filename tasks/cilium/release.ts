import { type Static, Type } from "#typebox";
import type { JsonObject } from "../../runner/json.ts";
import { declareTask } from "../../runner/task-type.ts";
import { parseVersion } from "../cni/version.ts";
import { State } from "../k8s/state.ts";
import { broughtKinds } from "./brought-kinds.ts";
import { ignoredValues, refusedValues } from "./check-values.ts";
import { poolWarnings, refusePools } from "./cluster-pool.ts";
import { CiliumVersion, checkedVersion, refuseVersion, versionWarnings } from "./release-line.ts";
import { designValues, deviations, mergedValues } from "./release-values.ts";

const Pool = Type.Object(
  {
    family: Type.Enum(["ipv4", "ipv6"]),
    pod_subnet: Type.String({ format: "network", description: "Pod prefix (clusterPoolIPv4PodCIDRList); cannot change later" }),
    block_size: Type.Integer({
      minimum: 16,
      maximum: 128,
      description: "Prefix length of a node's share (clusterPoolIPv4MaskSize); cannot change later",
    }),
  },
  { description: "A family of `underlay.families`; what else is in it is not looked at" },
);

const Args = Type.Object(
  {
    version: CiliumVersion,
    repository: Type.Optional(
      Type.String({ minLength: 1, description: "Address of the chart repository, when chart is a name" }),
    ),
    chart: Type.String({
      minLength: 1,
      default: "cilium",
      description: "Name in the repository, an oci:// reference, or a path",
    }),
    namespace: Type.String({ minLength: 1, maxLength: 63, default: "kube-system" }),
    families: Type.Array(Pool, { minItems: 1, maxItems: 2, description: "The cluster's families (`underlay.families`)" }),
    kubernetes_api: Type.Object(
      { host: Type.String({ minLength: 1 }), port: Type.Integer({ minimum: 1, maximum: 65535 }) },
      { additionalProperties: false, description: "API server, which Cilium has to find without kube-proxy (k8sServiceHost)" },
    ),
    hubble: Type.Object(
      {
        relay: Type.Boolean({ default: false, description: "hubble.relay.enabled" }),
        ui: Type.Boolean({ default: false, description: "hubble.ui.enabled; needs the relay" }),
      },
      { additionalProperties: false, default: {} },
    ),
    cluster_ip_advertised: Type.Boolean({
      default: false,
      description: "ClusterIPs answer from outside too (bpf.lbExternalClusterIP): for `services: [ClusterIP]` of cilium.bgp",
    }),
    values: Type.Unsafe<JsonObject>({ type: "object", default: {}, description: "More values of the chart, laid over these" }),
    nodes: Type.Optional(
      Type.Integer({ minimum: 1, description: "Number of nodes, to check that the pools have room for them" }),
    ),
    max_pods: Type.Integer({
      minimum: 1,
      default: 110,
      description: "maxPods of kubelet, to warn about shares that are smaller",
    }),
    timeout: Type.Integer({
      minimum: 1,
      maximum: 3600,
      default: 300,
      description: "Seconds until its workloads are up, and until the kinds that later tasks need are there",
    }),
    wait: Type.Boolean({
      default: true,
      description: "Until its workloads are up; false: helm only hands them over, and cni.rollout watches them",
    }),
    state: State,
  },
  { additionalProperties: false },
);

/** White paper, section *Cilium routing and BGP configuration*: Cilium by helm, with the values of the design. */
export const ciliumRelease = declareTask({
  name: "cilium.release",
  summary: "Cilium by helm: BGP control plane, native routing, no NAT, no kube-proxy",
  steps: [],
  on: "localhost",
  args: Args,
  notes: [
    "Writes the values in the names of the given version: `routingMode` from 1.14, before it `tunnel: disabled`; `kubeProxyReplacement: true` from 1.14, before it `strict`.",
    "`values` are checked before anything is touched: those that the chart of the version fails with are refused; those that it would ignore without a word are warned about, with the nearest name.",
    "The check knows the releases 1.13 to 1.20, and only keys that the chart's default values name: a warning about a key that is only a comment there can be wrong.",
    "Pod prefixes and block size cannot be changed once Cilium runs; each node gets exactly one block.",
    "Cilium's operator registers the kinds of cilium.io when it starts; later tasks wait for them. Upgrade one minor release at a time.",
    "Before an upgrade to 1.19 CiliumBGPPeeringPolicies must be gone: 1.19 does not serve them (cilium.bgp on 1.16 to 1.18 replaces its own).",
  ],
  example: `- name: Cilium with the BGP control plane, native routing, no NAT
  cilium.release:
    version: 1.19.6
    repository: https://helm.cilium.io/
    families: [{ family: ipv4, pod_subnet: 192.168.19.0/24, block_size: 27 }]
    kubernetes_api: { host: 192.168.18.252, port: 8443 }
    hubble: { relay: true, ui: true }`,
  warn: (args) => {
    const version = checkedVersion(args.version);
    return [
      ...versionWarnings(args.version),
      ...poolWarnings(args.families, args.max_pods),
      ...ignoredValues(args.values, version),
      ...deviations(designOf(args), args.values),
    ];
  },
  refuse: (args) => {
    const version = parseVersion(args.version);
    const refused = refuseVersion(args.version);
    if (version === undefined || refused.length > 0) return refused;
    const merged = mergedValues(designOf(args), args.values);
    return [...refusePools(args.families, args.nodes), ...refusedValues(args.values, merged, version)];
  },
  desired: ({ args }) => [
    {
      kind: "release",
      state: args.state,
      name: "cilium",
      namespace: args.namespace,
      createNamespace: false,
      chart: args.chart,
      ...(args.repository === undefined ? {} : { repository: args.repository }),
      version: args.version,
      values: mergedValues(designOf(args), args.values),
      brings: broughtKinds(checkedVersion(args.version)),
      timeoutSeconds: args.timeout,
      ...(args.wait ? {} : { wait: false }),
    },
  ],
});

function designOf(args: Static<typeof Args>): JsonObject {
  return designValues({
    version: checkedVersion(args.version),
    namespace: args.namespace,
    pools: args.families,
    kubernetesApi: args.kubernetes_api,
    hubble: args.hubble,
    clusterIpAdvertised: args.cluster_ip_advertised,
  });
}
