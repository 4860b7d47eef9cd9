import { type Static, Type } from "#typebox";
import { SecretText } from "../schema.ts";
import { AccessPolicies, ConnectEpg, Expose, Segments, Transit } from "./policy-variables.ts";

/**
 * The variables that underlay knows (design section 8). Maps among them refuse unknown keys with a nearest-name hint; everything else in
 * an inventory is the user's own. All keys are optional here: a playbook that uses a missing one says so itself.
 */
const closed = { additionalProperties: false } as const;
const Asn = Type.Integer({ minimum: 1, maximum: 4294967295 });
const Vlan = Type.Integer({ minimum: 1, maximum: 4094 });
const Address = Type.String({ format: "interface-address" });
const Network = Type.String({ format: "network" });

const Fabric = Type.Object(
  {
    asn: Type.Optional(Asn),
    pod: Type.Optional(Type.Integer({ minimum: 1, maximum: 12 })),
    username: Type.Optional(Type.String({ minLength: 1, description: "Local user, or apic#domain\\user for a login domain" })),
    password: Type.Optional(SecretText({ description: "Password of the APIC user" })),
    private_key: Type.Optional(SecretText({ description: "PEM private key for signed requests, instead of a password" })),
    certificate: Type.Optional(Type.String({ description: "Name of the user's certificate on the APIC (aaaUserCert)" })),
    ca_file: Type.Optional(Type.String({ description: "PEM file with the CA that signed the controllers' certificates" })),
    validate_certs: Type.Optional(Type.Boolean()),
    scale_profile: Type.Optional(
      Type.Enum(["dual-stack", "ipv4", "high-dual-stack", "high-lpm", "high-policy", "max-lpm", "high-ipv4-ep", "mcast-heavy"], {
        description: "Forwarding scale profile of the leaves, for the offline estimate of longest prefix matches",
      }),
    ),
  },
  closed,
);

const L3Out = Type.Object(
  {
    tenant: Type.Optional(Type.String()),
    vrf: Type.Optional(Type.String()),
    name: Type.Optional(Type.String()),
    routed_domain: Type.Optional(Type.String()),
    physical_domain: Type.Optional(Type.String()),
    node_profile: Type.Optional(Type.String()),
    interface_profile: Type.Optional(Type.String()),
    svi: Type.Optional(Type.Enum(["floating", "standard"], { description: "Design of the SVI; default floating" })),
    vlans: Type.Optional(
      Type.Object(
        { from: Vlan, to: Vlan },
        { ...closed, description: "Standard SVI: range that each node's VLAN is taken from" },
      ),
    ),
    external_epg: Type.Optional(Type.String()),
    vlan: Type.Optional(Vlan),
    mtu: Type.Optional(Type.Integer({ minimum: 576, maximum: 9216 })),
    floating_address: Type.Optional(Address),
    secondary_address: Type.Optional(Address),
  },
  closed,
);

const Bgp = Type.Object(
  {
    password: Type.Optional(SecretText({ description: "MD5 password of the BGP sessions" })),
    new_password: Type.Optional(
      SecretText({ description: "Takes the place of bgp.password: playbooks/day2/rotate-bgp-password.yaml" }),
    ),
    keepalive: Type.Optional(Type.Integer({ minimum: 0, maximum: 3600 })),
    hold: Type.Optional(Type.Integer({ minimum: 0, maximum: 3600 })),
    ecmp: Type.Optional(Type.Integer({ minimum: 1, maximum: 64 })),
    max_prefixes: Type.Optional(Type.Integer({ minimum: 1, maximum: 300000 })),
  },
  closed,
);

const Cluster = Type.Object(
  {
    name: Type.Optional(Type.String()),
    asn: Type.Optional(Asn),
    node_subnet: Type.Optional(Network),
    pod_subnet: Type.Optional(Network),
    service_subnet: Type.Optional(Network),
    external_service_subnet: Type.Optional(Network),
    load_balancer_subnet: Type.Optional(Network),
    distribution: Type.Optional(Type.Enum(["upstream", "openshift", "tanzu"])),
    kubernetes_version: Type.Optional(Type.String()),
    max_pods: Type.Optional(
      Type.Integer({ minimum: 1, description: "Pods that kubelet starts on a node (maxPods); default: 110" }),
    ),
    kubeconfig: Type.Optional(Type.String({ description: "Path of the kubeconfig; default: $KUBECONFIG, ~/.kube/config" })),
    context: Type.Optional(Type.String()),
    kubectl: Type.Optional(Type.String({ description: "kubectl program; default: found on PATH" })),
    helm: Type.Optional(Type.String({ description: "helm program; default: found on PATH" })),
  },
  closed,
);

const Cni = Type.Object(
  {
    name: Type.Optional(Type.Enum(["calico", "kube-router", "cilium"])),
    version: Type.Optional(Type.String()),
    upgrade: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        minItems: 1,
        maxItems: 5,
        description: "Releases to go over, in order: playbooks/day2/upgrade-cni.yaml",
      }),
    ),
    repository: Type.Optional(Type.String()),
    namespace: Type.Optional(Type.String()),
    block_size: Type.Optional(
      Type.Integer({
        minimum: 20,
        maximum: 128,
        description: "Prefix length of a node's share of the pod subnet, in the family of cluster.pod_subnet",
      }),
    ),
    install: Type.Optional(
      Type.Enum(["helm", "present"], { description: "present: the CNI is there already, only BGP is set up" }),
    ),
    calicoctl: Type.Optional(
      Type.String({ description: "calicoctl program, where Calico's API server is absent; default: on PATH" }),
    ),
    kubernetes_api: Type.Optional(
      Type.Object(
        { host: Type.String(), port: Type.Integer({ minimum: 1, maximum: 65535 }) },
        { ...closed, description: "API server that the CNI uses where it replaces kube-proxy" },
      ),
    ),
  },
  closed,
);

/** A second family beside the main one of `cluster`: dual stack. */
const Ipv6 = Type.Object(
  {
    node_subnet: Type.Optional(Network),
    pod_subnet: Type.Optional(Network),
    service_subnet: Type.Optional(Network),
    external_service_subnet: Type.Optional(Network),
    load_balancer_subnet: Type.Optional(Network),
    floating_address: Type.Optional(Address),
    secondary_address: Type.Optional(Address),
    block_size: Type.Optional(Type.Integer({ minimum: 64, maximum: 128 })),
  },
  closed,
);

/** Everything known, by variable name. `ansible_*` are the connection variables of Ansible that are honoured. */
export const KnownVariables = Type.Object({
  lab: Type.Optional(Type.Boolean()),
  fabric: Type.Optional(Fabric),
  l3out: Type.Optional(L3Out),
  bgp: Type.Optional(Bgp),
  cluster: Type.Optional(Cluster),
  cni: Type.Optional(Cni),
  ipv6: Type.Optional(Ipv6),
  access_policies: Type.Optional(AccessPolicies),
  transit: Type.Optional(Transit),
  connect_epg: Type.Optional(ConnectEpg),
  segments: Type.Optional(Segments),
  expose: Type.Optional(Expose),
  node_id: Type.Optional(Type.Integer({ minimum: 1, maximum: 4000 })),
  router_id: Type.Optional(Type.String({ format: "ip" })),
  rack_id: Type.Optional(Type.Union([Type.Integer(), Type.String()])),
  address: Type.Optional(Address),
  address6: Type.Optional(Address),
  addresses: Type.Optional(Type.Array(Address, { description: "Computed: one for each family" })),
  gateways: Type.Optional(Type.Array(Type.String({ format: "ip" }), { description: "Computed: one for each family" })),
  leaves: Type.Optional(
    Type.Array(Type.String(), { minItems: 1, description: "Leaves the node is cabled to; default: all of its rack" }),
  ),
  attachment: Type.Optional(
    Type.Enum(["vpc", "port_channel", "port"], {
      description: "How the node is cabled; default: vpc to two leaves, port to one",
    }),
  ),
  policy_group: Type.Optional(Type.String({ description: "vPC or port channel policy group; default: the node's name" })),
  ports: Type.Optional(
    Type.Record(Type.String(), Type.String({ pattern: "^[0-9]+/[0-9]+$" }), { description: "Port by leaf: { leaf201: 1/11 }" }),
  ),
  hypervisor: Type.Optional(Type.String({ description: "The node is a virtual machine on this hypervisor" })),
  pinned: Type.Optional(Type.Boolean({ description: "The virtual machine cannot move to another hypervisor" })),
  interfaces: Type.Optional(Type.Array(Type.String(), { minItems: 1, uniqueItems: true })),
  vlan: Type.Optional(Vlan),
  control_plane: Type.Optional(Type.Boolean()),
  ansible_host: Type.Optional(Type.String()),
  ansible_port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65535 })),
  ansible_user: Type.Optional(Type.String()),
  ansible_password: Type.Optional(SecretText({ description: "SSH password" })),
  ansible_ssh_private_key_file: Type.Optional(Type.String()),
  ansible_ssh_private_key_passphrase: Type.Optional(SecretText({ description: "Passphrase of the private key" })),
  ansible_become: Type.Optional(Type.Boolean()),
  ansible_become_password: Type.Optional(SecretText({ description: "What sudo asks for" })),
  ansible_ssh_config_file: Type.Optional(Type.String({ description: "Instead of ~/.ssh/config" })),
  ansible_ssh_known_hosts_file: Type.Optional(Type.String({ description: "Instead of ~/.ssh/known_hosts" })),
});

/** The known variables of one host, rendered. */
export type KnownVariables = Static<typeof KnownVariables>;
