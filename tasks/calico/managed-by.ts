/** The label by which objects of ours are told from others of the same kind (Kubernetes' recommended label). */
export const MANAGED_BY = { "app.kubernetes.io/managed-by": "underlay" } as const;
