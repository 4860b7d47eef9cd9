import { Type } from "#typebox";
import { failed, ok } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { isWithin, podNetworks, poolConflicts, poolDoubts } from "./found-pools.ts";
import { listKept } from "./list-kept.ts";
import { Pool, refusePool } from "./pool-schema.ts";

/** Where kubeadm and OpenShift say which pod network the cluster was made with. */
const SOURCES = [
  { apiVersion: "v1", kind: "ConfigMap", namespace: "kube-system", name: "kubeadm-config" },
  { apiVersion: "config.openshift.io/v1", kind: "Network", name: "cluster" },
] as const;

/** Finds out before anything is changed whether Calico's operator would take the pools. */
export const podNetwork = probeTask({
  name: "calico.pod_network",
  summary: "The pod prefixes fit the cluster and the pools that are there",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      pools: Type.Array(Pool, { minItems: 1, maxItems: 2, description: "As for calico.installation" }),
      install: Type.Enum(["helm", "present"], {
        default: "helm",
        description: "present: pools are made by others, and warned about where they do not fit the design",
      }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "Compares with podSubnet of kubeadm's ConfigMap kubeadm-config, or clusterNetwork of OpenShift's network.config/cluster. Other clusters do not say what they were made with.",
    "Compares with the IPPools that are there: CIDR and block size of a pool can never change.",
    "A pool that does not fit is a failure, in check mode too.",
    "Facts: `pod_networks`, those the cluster was made with.",
  ],
  example: `- name: Pod prefixes fit the cluster
  calico.pod_network:
    pools:
      - { family: ipv4, pod_subnet: 10.1.0.0/16, block_size: 26 }`,
  refuse: ({ pools }) => pools.flatMap(refusePool),
  observe: async (reader, { args }) => {
    const found = await reader.objects(SOURCES);
    if (!found.ok) return found;
    const networks = podNetworks(found.value);
    const outside = args.pools.filter(
      ({ pod_subnet: subnet }) => networks.length > 0 && !networks.some((network) => isWithin(subnet, network)),
    );
    if (outside.length > 0) {
      return failed({
        kind: "failed",
        doing: "compare pod prefixes with the cluster's pod network",
        message: `${outside.map(({ pod_subnet: subnet }) => subnet).join(", ")} not within ${networks.join(", ")}`,
        meaning:
          "the cluster was made with another pod network, or for one family only, and Calico's operator takes no pool outside of it",
        next: "set cluster.pod_subnet (and ipv6.pod_subnet) to what the cluster was made with; kubeadm: podSubnet, OpenShift: clusterNetwork",
      });
    }
    const pools = await listKept(reader, "ippools");
    if (!pools.ok) return pools;
    const conflicts = args.install === "helm" ? poolConflicts(args.pools, pools.value ?? []) : [];
    if (conflicts.length > 0) {
      return failed({
        kind: "failed",
        doing: "compare pod prefixes with Calico's pools",
        message: conflicts.join("\n"),
        meaning: "prefix and block size of a pool are fixed once it exists",
        next: "set cluster.pod_subnet and cni.block_size to those of the pool, or move the pods to a new pool by Calico's own procedure first",
      });
    }
    return ok({
      facts: { pod_networks: networks },
      unmet: [],
      warnings: [
        ...(networks.length > 0 ? [] : ["the cluster does not say which pod network it was made with: not compared"]),
        ...(args.install === "present" ? poolDoubts(args.pools, pools.value ?? []) : []),
      ],
      message: networks.length > 0 ? `within ${networks.join(", ")}` : "nothing to compare with",
    });
  },
});
