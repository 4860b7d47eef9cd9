import { Type } from "#typebox";
import type { Manifest } from "../../runner/connect/cluster.ts";
import { declareTask } from "../../runner/task-type.ts";
import { Pool, poolName, refusePool } from "./pool-schema.ts";

/** What the Tigera operator is told: BGP, pools without overlay and NAT, the node's addresses, and the API server for kubectl. */
export const installation = declareTask({
  name: "calico.installation",
  summary: "Calico's Installation: BGP, address pools, no overlay, no NAT",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      bgp: Type.Boolean({ default: true, description: "Installation.spec.calicoNetwork.bgp" }),
      api_server: Type.Boolean({ default: true, description: "Serve projectcalico.org/v3 for kubectl" }),
      pools: Type.Array(Pool, {
        minItems: 1,
        maxItems: 2,
        description: "One pool for each family (Installation.spec.calicoNetwork.ipPools)",
      }),
      encapsulation: Type.Enum(["None", "IPIP", "IPIPCrossSubnet", "VXLAN", "VXLANCrossSubnet"], {
        default: "None",
        description: "None: the fabric routes pod addresses, no overlay",
      }),
      nat_outgoing: Type.Boolean({ default: false, description: "Hide pods behind the node's address outside the pools" }),
      node_address_autodetection: Type.Union(
        [Type.Literal("NodeInternalIP"), Type.Array(Type.String({ format: "network" }), { minItems: 1 })],
        {
          default: "NodeInternalIP",
          description: "The node's addresses for BGP: its InternalIPs, or those within these networks",
        },
      ),
      linux_dataplane: Type.Optional(
        Type.Enum(["Iptables", "Nftables", "BPF"], { description: "Left to the operator when not given" }),
      ),
      kubernetes_provider: Type.Optional(
        Type.Enum(["OpenShift", "RKE2", "TKG", "Kind", "EKS", "GKE", "AKS", "DockerEnterprise"], {
          description: "Found out by the operator when not given (Installation.spec.kubernetesProvider)",
        }),
      ),
    },
    { additionalProperties: false },
  ),
  notes: [
    "The operator must be there already (helm.release); kinds: operator.tigera.io/v1 Installation and APIServer, both named default.",
    "Pools must lie in the cluster's pod network, or the operator refuses them (tigerastatus degraded): calico.pod_network finds that out beforehand.",
    "The operator writes its defaults back into the object; they are kept, and only what is set here is compared.",
    "CIDR and block size of a pool are fixed once it exists.",
    "Routes between nodes stay with BIRD: clusterRoutingMode (3.33) is not set, because Felix would route pods directly to nodes in other subnets.",
  ],
  example: `- name: Installation with BGP, no overlay, no NAT
  calico.installation:
    pools:
      - { family: ipv4, pod_subnet: 10.1.0.0/16, block_size: 26 }
      - { family: ipv6, pod_subnet: "fd00:10::/112", block_size: 122 }`,
  warn: ({ bgp, encapsulation }) => [
    ...(bgp ? [] : ["bgp is off: no node will peer with a leaf"]),
    ...(encapsulation === "None" ? [] : [`${encapsulation} hides pod addresses from the fabric; the design needs None`]),
  ],
  refuse: ({ pools }) => pools.flatMap(refusePool),
  desired: ({ args }) => {
    const autodetection = (family: Pool["family"]) =>
      args.node_address_autodetection === "NodeInternalIP"
        ? { kubernetes: "NodeInternalIP" }
        : { cidrs: args.node_address_autodetection.filter((network) => network.includes(":") === (family === "ipv6")) };
    const has = (family: Pool["family"]) => args.pools.some((pool) => pool.family === family);
    const calicoInstallation: Manifest = {
      kind: "manifest",
      state: "present",
      // The operator takes the list over when it fills in defaults.
      force: true,
      filledLists: [{ path: ["spec", "calicoNetwork", "ipPools"], key: "cidr" }],
      object: {
        apiVersion: "operator.tigera.io/v1",
        kind: "Installation",
        metadata: { name: "default" },
        spec: {
          ...(args.kubernetes_provider === undefined ? {} : { kubernetesProvider: args.kubernetes_provider }),
          calicoNetwork: {
            bgp: args.bgp ? "Enabled" : "Disabled",
            ...(args.linux_dataplane === undefined ? {} : { linuxDataplane: args.linux_dataplane }),
            ...(has("ipv4") ? { nodeAddressAutodetectionV4: autodetection("ipv4") } : {}),
            ...(has("ipv6") ? { nodeAddressAutodetectionV6: autodetection("ipv6") } : {}),
            ipPools: args.pools.map((pool) => ({
              name: poolName(pool.family),
              cidr: pool.pod_subnet,
              blockSize: pool.block_size,
              encapsulation: args.encapsulation,
              natOutgoing: args.nat_outgoing ? "Enabled" : "Disabled",
              nodeSelector: "all()",
            })),
          },
        },
      },
    };
    const apiServer: Manifest = {
      kind: "manifest",
      state: "present",
      force: true,
      object: { apiVersion: "operator.tigera.io/v1", kind: "APIServer", metadata: { name: "default" }, spec: {} },
    };
    return args.api_server ? [calicoInstallation, apiServer] : [calicoInstallation];
  },
});
