import { Type } from "#typebox";
import { ok } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { type ClusterEvidence, gatherCluster } from "./cluster-evidence.ts";
import { judgeCluster } from "./cluster-rules.ts";
import { messages } from "./finding.ts";

const open = { additionalProperties: true } as const;

/** What only the live cluster can answer, before anything is changed. */
export const preflightCluster = probeTask({
  name: "preflight.cluster",
  summary: "What the cluster would object to, before anything is changed",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      cni: Type.Enum(["calico", "kube-router", "cilium"], { description: "CNI of the inventory (cni.name)" }),
      version: Type.String({ minLength: 1, description: "Its version in the inventory (cni.version)" }),
      install: Type.Enum(["helm", "present"], { default: "helm", description: "present: the CNI must be there already" }),
      nodes: Type.Array(
        Type.Object(
          {
            name: Type.String({ minLength: 1 }),
            addresses: Type.Array(Type.String({ format: "interface-address" }), { minItems: 1 }),
          },
          open,
        ),
        { minItems: 1, description: "Planned nodes with an address for each family (`underlay.nodes`)" },
      ),
      families: Type.Array(
        Type.Object(
          { pod_subnet: Type.String({ format: "network" }), block_size: Type.Integer({ minimum: 1, maximum: 128 }) },
          open,
        ),
        { minItems: 1, maxItems: 2, description: "The cluster's families (`underlay.families`)" },
      ),
    },
    { additionalProperties: false },
  ),
  notes: [
    "Errors stop the run before anything is changed; warnings are shown. Reads nodes, DaemonSets and what the cluster was made with; changes nothing.",
    "Another CNI, none where `install` is present, a newer or skipped version; nodes that are missing, unknown or have other addresses; pod network and podCIDRs; Kubernetes versions that the CNI is not tested with; kube-proxy beside Cilium.",
    "The cluster must be reachable. Before it is installed set up the fabric alone: --tags fabric.",
    "Facts: `cni` and `version` of the CNI that runs, null where there is none or it does not tell; `kubernetes`, the nodes' versions.",
  ],
  example: `- name: The cluster has nothing against it
  preflight.cluster:
    cni: calico
    version: v3.31.7
    nodes: "{{ underlay.nodes }}"
    families: "{{ underlay.families }}"`,
  observe: async (reader, { args }) => {
    const found = await gatherCluster(reader);
    if (!found.ok) return found;
    const { cni: name, version, install, nodes, families } = args;
    const findings = judgeCluster({ cni: { name, version, install }, nodes, families }, found.value);
    const [running] = found.value.running;
    const kubernetes = kubernetesVersions(found.value);
    return ok({
      facts: { cni: running?.name ?? null, version: running?.version ?? null, kubernetes },
      unmet: messages(findings, "error"),
      warnings: messages(findings, "warning"),
      message: `Kubernetes ${kubernetes.join(" and ") || "of unknown version"}, ${runningText(found.value)}: nothing speaks against it`,
    });
  },
});

function kubernetesVersions({ nodes }: ClusterEvidence): string[] {
  return [...new Set(nodes.flatMap(({ kubelet }) => kubelet ?? []))].sort();
}

function runningText({ running }: ClusterEvidence): string {
  if (running.length === 0) return "no CNI yet";
  return running.map(({ name, version }) => `${name} ${version ?? "of unknown version"} runs`).join(", ");
}
