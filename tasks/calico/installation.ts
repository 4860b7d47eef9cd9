import { Type } from "typebox";
import type { Manifest } from "../../runner/connect/cluster.ts";
import { declareTask } from "../../runner/task-type.ts";

const Pool = Type.Object(
  {
    name: Type.String({ minLength: 1, default: "default-ipv4-ippool" }),
    cidr: Type.String({ format: "network", description: "Pod prefix; cannot change once made" }),
    block_size: Type.Integer({
      minimum: 20,
      maximum: 128,
      default: 26,
      description: "Prefix length of a node's block: 20 to 32, or 116 to 128 for IPv6; cannot change once made",
    }),
    encapsulation: Type.Union(
      ["None", "IPIP", "IPIPCrossSubnet", "VXLAN", "VXLANCrossSubnet"].map((name) => Type.Literal(name)),
      { default: "None", description: "None: the fabric routes pod addresses, no overlay" },
    ),
    nat_outgoing: Type.Boolean({ default: false, description: "Hide pods behind the node's address outside the pools" }),
    node_selector: Type.String({ minLength: 1, default: "all()" }),
  },
  { additionalProperties: false },
);

/** What the Tigera operator is told: BGP, pools without overlay and NAT, the node address, and the API server for kubectl. */
export const installation = declareTask({
  name: "calico.installation",
  summary: "Calico's Installation: BGP, address pools, no overlay, no NAT",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      bgp: Type.Boolean({ default: true, description: "Installation.spec.calicoNetwork.bgp" }),
      api_server: Type.Boolean({ default: true, description: "Serve projectcalico.org/v3, which all calico.* tasks need" }),
      pools: Type.Array(Pool, { minItems: 1, maxItems: 25, description: "Installation.spec.calicoNetwork.ipPools" }),
      node_address_autodetection: Type.Union(
        [Type.Literal("NodeInternalIP"), Type.Array(Type.String({ format: "network" }), { minItems: 1 })],
        {
          default: "NodeInternalIP",
          description: "The node's address for BGP: its InternalIP, or the one within these networks",
        },
      ),
      linux_dataplane: Type.Optional(
        Type.Union([Type.Literal("Iptables"), Type.Literal("Nftables"), Type.Literal("BPF")], {
          description: "Left to the operator when not given",
        }),
      ),
    },
    { additionalProperties: false },
  ),
  notes: [
    "The operator must be there already (helm.release); kinds: operator.tigera.io/v1 Installation and APIServer, both named default.",
    "Pools must lie in kubeadm's podSubnet, or the operator refuses them (tigerastatus degraded).",
    "The operator writes its defaults back into the object; they are kept, and only what is set here is compared.",
    "CIDR and block size of a pool are fixed once it exists.",
  ],
  example: `- name: Installation with BGP, no overlay, no NAT
  calico.installation:
    pools:
      - { cidr: 10.1.0.0/16, block_size: 26 }`,
  warn: ({ pools, bgp }) => [
    ...(bgp ? [] : ["bgp is off: no node will peer with a leaf"]),
    ...pools
      .filter(({ encapsulation }) => encapsulation !== "None")
      .map(
        ({ name, encapsulation }) => `pool ${name}: ${encapsulation} hides pod addresses from the fabric; the design needs None`,
      ),
    ...pools
      .filter(({ cidr, block_size: size }) => (cidr.includes(":") ? size < 116 : size > 32))
      .map(({ name, block_size: size }) => `pool ${name}: Calico takes block sizes 20 to 32 (IPv6: 116 to 128), not ${size}`),
  ],
  desired: ({ args }) => {
    const autodetection = (isSix: boolean) =>
      args.node_address_autodetection === "NodeInternalIP"
        ? { kubernetes: "NodeInternalIP" }
        : { cidrs: args.node_address_autodetection.filter((network) => network.includes(":") === isSix) };
    const hasFour = args.pools.some(({ cidr }) => !cidr.includes(":"));
    const hasSix = args.pools.some(({ cidr }) => cidr.includes(":"));
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
          calicoNetwork: {
            bgp: args.bgp ? "Enabled" : "Disabled",
            ...(args.linux_dataplane === undefined ? {} : { linuxDataplane: args.linux_dataplane }),
            ...(hasFour ? { nodeAddressAutodetectionV4: autodetection(false) } : {}),
            ...(hasSix ? { nodeAddressAutodetectionV6: autodetection(true) } : {}),
            ipPools: args.pools.map((pool) => ({
              name: pool.name,
              cidr: pool.cidr,
              blockSize: pool.block_size,
              encapsulation: pool.encapsulation,
              natOutgoing: pool.nat_outgoing ? "Enabled" : "Disabled",
              nodeSelector: pool.node_selector,
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
