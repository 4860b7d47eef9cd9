import { Type } from "#typebox";
import { ok } from "../../runner/result.ts";
import { actionTask } from "../../runner/task-type.ts";
import { changeGuarded, writeFiles } from "./guarded-change.ts";
import { readBackups } from "./read-backups.ts";
import { readNode } from "./read-node.ts";
import { planRestore } from "./restore-plan.ts";
import { unrestored } from "./unrestored.ts";

/** The way back from node.network, for a node that leaves the cluster. */
export const restoreNetwork = actionTask({
  name: "node.restore_network",
  summary: "The network files from before node.network, given back to the node",
  steps: [],
  on: "node",
  args: Type.Object(
    {
      timeout: Type.Integer({
        minimum: 10,
        maximum: 3600,
        default: 60,
        description: "Seconds within which the node must be reachable and confirmed; then it takes the change back by itself",
      }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "Every `.underlay-backup` beside a netplan file takes the file's place again, also where somebody has edited the file since; numbered ones (`.~1~`) are older and stay. Our own files are removed, and so are the bond and the VLAN link that only they name.",
    "Guarded like node.network: confirmed only if the node can be reached over a new connection at the address the inventory names and has the addresses of the files given back; else it goes back to what it had.",
    "Nothing backed up and nothing of ours: nothing to do.",
  ],
  example: `- name: The network files from before
  node.restore_network:
    timeout: 60`,
  plan: async (reader, { args }) => {
    const found = await readNode(reader, []);
    if (!found.ok) return found;
    const backups = await readBackups(reader, found.value.places);
    if (!backups.ok) return backups;
    const planned = planRestore(found.value, backups.value);
    if (!planned.ok) return planned;
    const plan = planned.value;
    return ok({
      changes: plan.changes,
      apply: async (writer) => {
        if (!plan.touchesNetwork) return writeFiles(writer, plan.files);
        return changeGuarded({
          reader,
          writer,
          plan,
          timeout: args.timeout,
          unmet: () => unrestored(reader, plan),
        });
      },
    });
  },
});
