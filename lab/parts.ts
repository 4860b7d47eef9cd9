/**
 * What the parts of the lab offer each other. The BGP model reads all three and writes back only what switches and agents would report.
 */

/** A managed object in the simulator's tree. */
export interface LabObject {
  readonly className: string;
  readonly dn: string;
  /** As a GET shows them. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Write-only properties such as `password`, never shown by a GET. */
  readonly secure: Readonly<Record<string, string>>;
}

/** What a leaf sees on a port that something is plugged into. */
export interface LabPort {
  readonly leafId: number;
  /** `eth1/11` */
  readonly port: string;
  /** Name of the node at the other end, which it tells by LLDP. */
  readonly node: string;
  /** Whether the link is up. */
  readonly up: boolean;
  /** Whether the node speaks LACP on it. */
  readonly lacp: boolean;
}

/** The fabric's side of the lab: three controllers over one tree. */
export interface LabFabric {
  readonly asn: number;
  /** Every object, by DN. */
  objects(): ReadonlyMap<string, LabObject>;
  /** Replaces everything below a DN with what a switch reports there (`topology/pod-1/node-201/sys/bgp`, …/uribv4); parents are made as needed. */
  report(
    dn: string,
    objects: readonly {
      readonly className: string;
      readonly dn: string;
      readonly attributes: Readonly<Record<string, string>>;
    }[],
  ): void;
  /** Replaces the faults that hang on objects: `dn` of the object, code, severity, text and changeSet. */
  raise(
    faults: readonly {
      readonly dn: string;
      readonly code: string;
      readonly severity: string;
      readonly descr: string;
      readonly changeSet: string;
    }[],
  ): void;
  /** Tells what is plugged into the leaves now, all of it; listeners of `onWrite` do not hear of it. */
  plug(ports: readonly LabPort[]): void;
  /** Called after every accepted write. Returns how to stop. */
  onWrite(listener: () => void): () => void;
  /** HTTPS ports by controller name. */
  readonly ports: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** A network link of a lab node. */
export interface LabLink {
  readonly name: string;
  readonly kind: "ethernet" | "bond" | "vlan";
  readonly up: boolean;
  readonly mtu: number;
  /** Bond this link belongs to. */
  readonly master: string | undefined;
  /** Bond mode, `802.3ad`. */
  readonly mode: string | undefined;
  /** VLAN tag and the link it rides on. */
  readonly vlan: { readonly id: number; readonly parent: string } | undefined;
  /** CIDR text with host bits. */
  readonly addresses: readonly string[];
}

/** What a node's kernel has now. */
export interface LabNodeState {
  readonly name: string;
  readonly links: readonly LabLink[];
  readonly routes: readonly { readonly destination: string; readonly gateway: string | undefined; readonly device: string }[];
  readonly poweredOn: boolean;
  /** Changes with every start of the machine (/proc/sys/kernel/random/boot_id). */
  readonly bootId: string;
  /** Whether its kubelet runs with credentials for the cluster: after kubeadm join and until kubeadm reset, while it is on. */
  readonly kubelet: boolean;
  /**
   * Whether containers run on it: not after `kubeadm reset`, nor from the beginning of a shutdown on, while the machine is still on. A
   * kubelet that is stopped by hand leaves them running.
   */
  readonly containers: boolean;
}

/** What `kubeadm join` on a node asks of the cluster. */
export interface LabJoin {
  readonly node: string;
  /** `abcdef.0123456789abcdef`: a bootstrap token. */
  readonly token: string;
  /** `sha256:…` of the cluster's CA, as the joining node was told. */
  readonly caCertHashes: readonly string[];
  /** InternalIPs, the main family first. */
  readonly addresses: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  /** Key that the control plane's certificates were uploaded under; undefined: it joins as a worker. */
  readonly certificateKey: string | undefined;
}

/** The nodes' side of the lab: an SSH server for each. */
export interface LabNodes {
  states(): readonly LabNodeState[];
  onChange(listener: () => void): () => void;
  /** Starts a machine that is off, or pulls its plug: nothing is stopped first. */
  power(node: string, on: boolean): void;
  /** SSH ports by node name. */
  readonly ports: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** A Kubernetes object in the lab's API. */
export interface LabKubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** A program in a container of a pod, as `kubectl exec` starts it. */
export interface PodProgram {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Where the pod runs. */
  readonly node: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly command: readonly string[];
}

/** What such a program gave back. */
export interface PodOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** The cluster's side of the lab: an API server and what the CNI's operator would do. */
export interface LabCluster {
  /** All objects of a kind; empty when the kind is not served. */
  list(kind: string): readonly LabKubeObject[];
  /** Writes a status subresource as an agent would. */
  setStatus(kind: string, namespace: string | undefined, name: string, status: Readonly<Record<string, unknown>>): void;
  /**
   * Tells which machines run and which kubelets: pods on a machine that is off do not run, its Node stops being Ready, and a
   * kubelet that starts makes its Node again where it was deleted.
   */
  machines(states: readonly Pick<LabNodeState, "name" | "poweredOn" | "bootId" | "kubelet">[]): void;
  /** Lets a node in, or says why not, in kubeadm's words. */
  join(request: LabJoin): { readonly ok: true } | { readonly ok: false; readonly error: string };
  /** `kubeadm init phase upload-certs`: keeps the control plane's certificates under this key for two hours. */
  uploadCertificates(key: string): void;
  onChange(listener: () => void): () => void;
  readonly port: number;
  close(): Promise<void>;
}

/** A BGP session as both ends see it. */
export interface LabSession {
  readonly leafId: number;
  readonly leafAddress: string;
  readonly node: string;
  readonly nodeAddress: string;
  readonly established: boolean;
  /** bgpPeerEntry.operSt: `established`, `active`, `idle` …; undefined when the leaf has no such entry at all. */
  readonly leafState: string | undefined;
  /** CalicoNodeStatus state: `Established`, `Connect`, `Active`, `Idle` …; undefined when the node has no such peer. */
  readonly nodeState: string | undefined;
  /** Why it is not established, for the lab's own log. */
  readonly reason: string | undefined;
}

/** A route on a leaf. */
export interface LabRoute {
  readonly leafId: number;
  /** CIDR text. */
  readonly prefix: string;
  readonly nextHops: readonly {
    readonly address: string;
    readonly vrf: string;
    readonly owner: string;
    readonly routeType: string;
    readonly preference: number;
    readonly tag: number;
  }[];
}

/** What the BGP model makes of the three parts. Pure: same input, same output. */
export interface LabRouting {
  readonly sessions: readonly LabSession[];
  readonly routes: readonly LabRoute[];
}
