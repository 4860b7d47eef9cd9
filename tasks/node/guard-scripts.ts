import type { Command } from "../../runner/connect/node.ts";
import { remove } from "../../runner/connect/node-commands.ts";
import { quoteCommand } from "../../runner/connect/quote.ts";
import { copyFile, deleteLink, GUARD_FOLDER, netplanApply } from "./commands.ts";
import type { NetworkPlan } from "./network-plan.ts";

/** What has to be done on the node around a change of its network. */
export interface GuardScripts {
  /** Copies what is there, before anything is touched. */
  readonly save: readonly Command[];
  /** Puts the files back as they were. */
  readonly restore: readonly Command[];
  /** Text of the rollback script: restore, remove the links that are new, apply. */
  readonly rollback: string;
  /** Text of the script that carries the change out. */
  readonly apply: string;
}

/** The scripts for one plan. Plain command lines without variables or conditions: a line that fails does not stop the ones after it. */
export function guardScripts(plan: Pick<NetworkPlan, "files" | "drift">): GuardScripts {
  const saved = plan.files
    .filter(({ found }) => found !== undefined)
    .map(({ wanted }, index) => ({ path: wanted.path, copy: `${GUARD_FOLDER}/file-${index + 1}` }));
  const restore = [
    ...saved.map(({ path, copy }) => copyFile(copy, path)),
    ...plan.files.filter(({ found }) => found === undefined).map(({ wanted }) => remove(wanted.path)),
  ];
  const topFirst = [...plan.drift.create].reverse();
  return {
    save: saved.map(({ path, copy }) => copyFile(path, copy)),
    restore,
    rollback: script("The change was not confirmed: back to what was there before.", [
      ...restore,
      ...topFirst.map(deleteLink),
      netplanApply,
    ]),
    apply: script("Carries the change out, apart from any connection.", [...plan.drift.remove.map(deleteLink), netplanApply]),
  };
}

function script(purpose: string, commands: readonly Command[]): string {
  return `# underlay, node.network. ${purpose}\n${commands.map((command) => `${quoteCommand(command)}\n`).join("")}`;
}
