import { type Command, homeOf, type Output } from "../command.ts";
import { absolute, readFile, writeFile } from "../files.ts";
import { readOptions } from "../options.ts";

/** tee(1), with `-a`. */
export const tee: Command = async ({ machine, user, args, input }): Promise<Output> => {
  const { rest, flags } = readOptions(args, { flags: ["a", "append"] });
  const text = await input.rest();
  let stderr = "";
  for (const path of rest) {
    const full = absolute(path, homeOf(user));
    const old = flags.size > 0 ? readFile(machine.files, full, user) : undefined;
    const done = writeFile(machine.files, full, (old?.ok ? old.value : "") + text, user);
    if (!done.ok) stderr += `tee: ${path}: ${done.fault}\n`;
  }
  machine.changed();
  return { exitCode: stderr === "" ? 0 : 1, stdout: text, stderr };
};
