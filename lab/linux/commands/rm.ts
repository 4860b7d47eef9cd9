import { type Command, homeOf, type Output } from "../command.ts";
import { absolute, find, remove } from "../files.ts";
import { readOptions } from "../options.ts";

/** rm(1): `-f`, `-r`. */
export const rm: Command = ({ machine, user, args }): Output => {
  const { rest, flags } = readOptions(args, { flags: ["f", "r", "R", "recursive", "force"] });
  const force = flags.has("f") || flags.has("force");
  const deep = flags.has("r") || flags.has("R") || flags.has("recursive");
  let stderr = "";
  for (const path of rest) {
    const full = absolute(path, homeOf(user));
    const found = find(machine.files, full, user);
    if (!found.ok && force && found.fault === "No such file or directory") continue;
    if (found.ok && found.value.kind === "directory" && !deep) {
      stderr += `rm: cannot remove '${path}': Is a directory\n`;
      continue;
    }
    const done = remove(machine.files, full, user);
    if (!done.ok) stderr += `rm: cannot remove '${path}': ${done.fault}\n`;
  }
  machine.changed();
  return { exitCode: stderr === "" ? 0 : 1, stdout: "", stderr };
};
