import { type Command, fail, homeOf, type Output } from "../command.ts";
import { absolute, setRights } from "../files.ts";
import { readOptions } from "../options.ts";

/** chmod(1) with octal modes. */
export const chmod: Command = ({ machine, user, args }): Output => {
  const [mode = "", ...paths] = readOptions(args, { flags: ["f"] }).rest;
  if (!/^[0-7]{3,4}$/.test(mode)) return fail(1, `chmod: invalid mode: ‘${mode}’`);
  let stderr = "";
  for (const path of paths) {
    const done = setRights(machine.files, absolute(path, homeOf(user)), { mode: Number.parseInt(mode, 8) }, user);
    if (done.ok) continue;
    const verb = done.fault === "No such file or directory" ? "cannot access" : "changing permissions of";
    stderr += `chmod: ${verb} '${path}': ${done.fault}\n`;
  }
  machine.changed();
  return { exitCode: stderr === "" ? 0 : 1, stdout: "", stderr };
};
