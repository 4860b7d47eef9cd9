import { type Command, homeOf, type Output } from "../command.ts";
import { absolute, makeFolder } from "../files.ts";
import { readOptions } from "../options.ts";

/** mkdir(1): `-p`, `-m`. */
export const mkdir: Command = ({ machine, user, args }): Output => {
  const { rest, flags, values } = readOptions(args, { flags: ["p", "parents"], withValue: ["m", "mode"] });
  const parents = flags.size > 0;
  const mode = Number.parseInt(values.get("m") ?? values.get("mode") ?? "755", 8);
  let stderr = "";
  for (const path of rest) {
    const full = absolute(path, homeOf(user));
    const steps = parents ? full.split("/").map((_, depth, parts) => parts.slice(0, depth + 1).join("/")) : [full];
    for (const step of steps.filter((name) => name !== "")) {
      if (parents && machine.files.get(step)?.kind === "directory") continue;
      const done = makeFolder(machine.files, step, user, mode);
      if (!done.ok) stderr += `mkdir: cannot create directory ‘${path}’: ${done.fault}\n`;
    }
  }
  machine.changed();
  return { exitCode: stderr === "" ? 0 : 1, stdout: "", stderr };
};
