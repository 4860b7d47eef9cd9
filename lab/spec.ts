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
    /** Domains, AAEP and VLAN pool that exist already. */
    readonly physicalDomain: string;
    readonly routedDomain: string;
    readonly vlans: { readonly from: number; readonly to: number };
  };
  readonly nodes: readonly LabNode[];
  readonly cluster: {
    readonly name: string;
    readonly asn: number;
    readonly podSubnet: string;
    readonly serviceSubnet: string;
    /** `v1.35.2`: what GET /version says. */
    readonly kubernetesVersion: string;
  };
  readonly cni: {
    readonly name: "calico";
    /** Chart version that the lab's chart repository offers, `v3.31.7`. */
    readonly version: string;
  };
}

export interface LabLeaf {
  readonly name: string;
  readonly id: number;
  readonly pod: number;
  readonly rack: string | undefined;
}

export interface LabNode {
  readonly name: string;
  /** Cabled to both leaves of this rack. */
  readonly rack: string | undefined;
  /** Fabric-facing links, cabled one to each leaf of the rack: `["eno1", "eno2"]`. */
  readonly interfaces: readonly string[];
  /** Address the node was installed with and is managed by, with prefix length: `192.168.2.1/24`. */
  readonly address: string;
  readonly gateway: string;
  /** VLAN tag the installed system uses on its first link; undefined: untagged. */
  readonly vlan: number | undefined;
  readonly user: string;
  /** What sudo asks for; undefined: no password. */
  readonly sudoPassword: string | undefined;
  readonly controlPlane: boolean;
}

/** Faults by name, `apic.503=3`, `node.drop_after=2`: what happens, how often. Parts ignore names they do not know. */
export type Faults = ReadonlyMap<string, string>;
