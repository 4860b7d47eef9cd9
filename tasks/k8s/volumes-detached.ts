import { Type } from "#typebox";
import { isObject } from "../../runner/json.ts";
import { ok } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { NodeNames } from "../cni/pod-prefixes.ts";

/**
 * Volumes of pods that were evicted are detached a little later, by a kubelet that still runs and a network that still works. A node that goes
 * before leaves them attached, and the pods wait elsewhere for a forced detach (Kubernetes docs, *Non-graceful node shutdown*).
 */
export const volumesDetached = probeTask({
  name: "k8s.volumes_detached",
  summary: "Nodes that were drained have no volumes attached any more",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      nodes: NodeNames,
      timeout: Type.Integer({ minimum: 1, maximum: 3600, default: 300, description: "Seconds until all volumes are detached" }),
    },
    { additionalProperties: false },
  ),
  notes: ["Reads VolumeAttachments, which CSI drivers keep. Volumes of pods that stay (DaemonSets) count too."],
  example: `- name: Volumes are detached
  k8s.volumes_detached:
    nodes: [worker-7]`,
  observe: async (reader, { args }) => {
    const listed = await reader.list("volumeattachments.storage.k8s.io");
    if (!listed.ok) return listed;
    const attached = (listed.value ?? []).flatMap(({ metadata, spec }) =>
      isObject(spec) && typeof spec.nodeName === "string" && args.nodes.includes(spec.nodeName)
        ? [{ node: spec.nodeName, volume: volumeOf(spec.source) ?? metadata.name }]
        : [],
    );
    const unmet = args.nodes.flatMap((node) => {
      const volumes = attached.filter((one) => one.node === node).map(({ volume }) => volume);
      return volumes.length === 0
        ? []
        : [`${node} still has ${volumes.join(", ")} attached: does its kubelet run, and the CSI driver's controller?`];
    });
    return ok({ unmet, message: `no volumes attached to ${args.nodes.join(", ")}` });
  },
});

function volumeOf(source: unknown): string | undefined {
  return isObject(source) && typeof source.persistentVolumeName === "string" ? source.persistentVolumeName : undefined;
}
