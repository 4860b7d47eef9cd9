/** What the lab is built from: the facts of an inventory that a real data centre would have in steel and copper (design section 10). */
export interface LabSpec {
  /** Folder for state, keys and programs, `.underlay/lab`. */
  readonly directory: string;
  readonly fabric: {
    /** Fabric AS, uni/fabric/bgpInstP-default/as. */
    readonly asn: number;
    readonly username: string;
    readonly password: string;
    /** PEM certificate (or only its public key) of `username`, when the inventory uses signatures; its name is the aaaUserCert. */
    readonly certificate: { readonly name: string; readonly pem: string } | undefined;
    readonly controllers: readonly { readonly name: string; readonly id: number }[];
    readonly leaves: readonly LabLeaf[];
    /** Tenants and VRFs that exist before the playbook runs, as the paper assumes. */
    readonly vrfs: readonly { readonly tenant: string; readonly vrf: string }[];
    /** Whether domains, AAEP, VLAN pool and the nodes' ports are configured already; false: a playbook makes them. */
    readonly prepared: boolean;
    /** An L3Out to the outside with an eBGP neighbour on its first leaf, for transit routing. */
    readonly outside: LabOutside | undefined;
    /** EPGs of others, for contracts with them. */
    readonly epgs: readonly { readonly tenant: string; readonly applicationProfile: string; readonly epg: string }[];
    /** Domains, AAEP and VLAN pool that exist already. */
    readonly physicalDomain: string;
    readonly routedDomain: string;
    readonly vlans: { readonly from: number; readonly to: number };
  };
  readonly nodes: readonly LabNode[];
  readonly cluster: {
    readonly name: string;
    readonly asn: number;
    /** One for each family, the main one first. */
    readonly podSubnets: readonly string[];
    readonly serviceSubnets: readonly string[];
    /** `v1.35.2`: what GET /version says. */
    readonly kubernetesVersion: string;
  };
  readonly cni: {
    readonly name: "calico" | "kube-router" | "cilium";
    /** Version that the lab's chart repository offers or whose manifests are applied: `v3.31.7`, `v2.11.1`, `1.19.6`. */
    readonly version: string;
    /** Further versions that the chart repository offers, for upgrades. */
    readonly offers?: readonly string[] | undefined;
    /** Prefix length of a node's pod CIDR, one for each family (kube-controller-manager's --node-cidr-mask-size). */
    readonly podPrefixLengths: readonly number[];
    /** Calico that the cluster was installed with: by its operator in calico-system, or by manifest in kube-system; undefined: no CNI yet. */
    readonly installed?: "operator" | "manifest" | undefined;
  };
}

/** Somebody else's L3Out in the cluster's VRF, with a router behind it. */
export interface LabOutside {
  readonly tenant: string;
  readonly vrf: string;
  readonly l3out: string;
  readonly externalEpg: string;
}

export interface LabLeaf {
  readonly name: string;
  readonly id: number;
  readonly pod: number;
  readonly rack: string | undefined;
  /** Router ID that other L3Outs of the VRF give it already; one of the lab's own when the inventory names none. */
  readonly routerId?: string | undefined;
}

export interface LabNode {
  readonly name: string;
  readonly rack: string | undefined;
  /** Node IDs of the leaves it is cabled to. */
  readonly leaves: readonly number[];
  /** Port on each of these leaves, `eth1/11`, in the order of `leaves`. */
  readonly ports: readonly string[];
  /** How the leaves' ports are bundled: policy group of a vPC or port channel; undefined: a plain port. */
  readonly policyGroup: string | undefined;
  /** Fabric-facing links, cabled one to each leaf: `["eno1", "eno2"]`. */
  readonly interfaces: readonly string[];
  /** Addresses the node was installed with and is managed by, with prefix length, the main family first: `192.168.2.1/24`. */
  readonly addresses: readonly string[];
  /** Its default gateways, one for each family. */
  readonly gateways: readonly string[];
  /** VLAN tag the installed system uses on its first link; undefined: untagged. */
  readonly vlan: number | undefined;
  readonly user: string;
  /** What sudo asks for; undefined: no password. */
  readonly sudoPassword: string | undefined;
  readonly controlPlane: boolean;
}

/** Faults by name, `apic.503=3`, `node.drop_after=2`: what happens, how often. Parts ignore names they do not know. */
export type Faults = ReadonlyMap<string, string>;
