/** What the playbook is about to set up, as far as the cluster may object. */
export interface ClusterWish {
  readonly cni: {
    readonly name: "calico" | "kube-router" | "cilium";
    readonly version: string;
    readonly install: "helm" | "present";
  };
  /** Planned nodes, with an address for each family, with prefix length. */
  readonly nodes: readonly { readonly name: string; readonly addresses: readonly string[] }[];
  readonly families: readonly { readonly pod_subnet: string; readonly block_size: number }[];
}
