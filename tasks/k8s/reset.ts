import { Type } from "#typebox";
import { exists } from "../../runner/connect/node-commands.ts";
import { failed, ok } from "../../runner/result.ts";
import { actionTask } from "../../runner/task-type.ts";
import { KUBELET_CREDENTIALS, kubeadmReset } from "../node/commands.ts";

/** Undoes `kubeadm join` on a node that leaves, so that its kubelet cannot bring its Node back. */
export const k8sReset = actionTask({
  name: "k8s.reset",
  summary: "kubeadm reset on a node that has joined a cluster",
  steps: [],
  on: "node",
  args: Type.Object(
    {
      timeout: Type.Integer({ minimum: 10, maximum: 3600, default: 300, description: "Seconds that kubeadm may take" }),
    },
    { additionalProperties: false },
  ),
  notes: [
    `Does nothing where ${KUBELET_CREDENTIALS} is not there. Deletes no Node: k8s.delete_node does.`,
    "Drain the node first: kubeadm ends its containers. On a control plane node it also leaves etcd.",
    "kubeadm leaves the CNI's configuration (/etc/cni/net.d), rules of iptables or nftables and kubeconfig files of people behind; a reboot clears the rules.",
  ],
  example: `- name: It cannot come back by itself
  k8s.reset:
    timeout: 300`,
  plan: async (reader, { args, host }) => {
    const joined = await reader.run(exists(KUBELET_CREDENTIALS));
    if (!joined.ok) return joined;
    if (joined.value.exitCode !== 0) return ok({ changes: [], apply: async () => ok(undefined) });
    return ok({
      changes: [{ target: `join of ${host}`, action: "delete", before: { credentials: KUBELET_CREDENTIALS }, after: null }],
      apply: async (writer, during) => {
        during.tell(`${host}: ${kubeadmReset.join(" ")}`);
        const done = await writer.run(kubeadmReset, { timeout: args.timeout });
        if (!done.ok) return done;
        const { exitCode, stdout, stderr } = done.value;
        if (exitCode === 0) return ok(undefined);
        return failed({
          kind: "failed",
          doing: `sudo ${kubeadmReset.join(" ")} on ${host}`,
          message: stderr.trim() || stdout.trim() || `exit ${exitCode}`,
          next: "put right what it names and run again; the node is out of service meanwhile",
        });
      },
    });
  },
});
