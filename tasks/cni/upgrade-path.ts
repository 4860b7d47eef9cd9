import { Type } from "#typebox";
import { failed, ok } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { CniKind, CniNamespace } from "./arguments.ts";
import { readDaemon, versionsText } from "./daemon.ts";
import { upgradePath } from "./upgrade-rules.ts";

/** The way of an upgrade, judged before its first step. */
export const cniUpgradePath = probeTask({
  name: "cni.upgrade_path",
  summary: "Releases that are still to come of a CNI's upgrade, and whether one may go that way",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      cni: CniKind,
      namespace: CniNamespace,
      versions: Type.Array(Type.String({ minLength: 1 }), {
        minItems: 1,
        maxItems: 5,
        description: "Releases in the order in which they are to be run (cni.upgrade)",
      }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "What is installed is told by the image in the CNI's DaemonSet. Releases that are not newer than it are behind: a re-run goes on where the cluster is.",
    "Refused: Cilium with a minor release skipped, or before 1.15; Cilium 1.17.4 and 1.17.5; kube-router before 1.5.1; releases out of order. Calico and kube-router name no limit: a skipped minor is a warning.",
    "Facts: `installed`, `remaining`, `by_node` (the release that each node's pod runs).",
  ],
  example: `- name: From where, and over which releases
  cni.upgrade_path:
    cni: calico
    namespace: calico-system
    versions: [v3.31.8, v3.32.1]`,
  observe: async (reader, { args: { cni, namespace, versions } }) => {
    const daemon = await readDaemon(reader, cni, namespace);
    if (!daemon.ok) return daemon;
    if (daemon.value === undefined) {
      return failed({
        kind: "failed",
        doing: `look for ${cni} in namespace ${namespace}`,
        message: "its DaemonSet is not there",
        next: "install it first with the playbook of the design, or correct cni.namespace",
      });
    }
    const { wanted, versions: running } = daemon.value;
    const { remaining, wrong, doubtful } = upgradePath(cni, wanted, versions);
    const way = remaining.length === 0 ? "nothing to come" : `to come: ${remaining.join(", ")}`;
    return ok({
      facts: { installed: wanted ?? null, remaining: [...remaining], by_node: Object.fromEntries(running) },
      unmet: wrong,
      warnings: doubtful,
      message: `${versionsText(running)}; ${way}`,
    });
  },
});
