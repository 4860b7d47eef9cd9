import { type Command, homeOf, type Output } from "../command.ts";
import { absolute, setRights } from "../files.ts";
import { readOptions } from "../options.ts";

/** chown(1) with names, `owner[:group]`. */
export const chown: Command = ({ machine, user, args }): Output => {
  const [owners = "", ...paths] = readOptions(args, { flags: ["f"] }).rest;
  const [owner = "", group = owner] = owners.split(":");
  let stderr = "";
  for (const path of paths) {
    const done = setRights(machine.files, absolute(path, homeOf(user)), { owner, group }, user);
    if (!done.ok) stderr += `chown: changing ownership of '${path}': ${done.fault}\n`;
  }
  machine.changed();
  return { exitCode: stderr === "" ? 0 : 1, stdout: "", stderr };
};
