import { type Command, fail, homeOf, type Output, ok } from "../command.ts";
import { absolute, rename } from "../files.ts";
import { readOptions } from "../options.ts";

/** mv(1): one source over one target, or into a folder unless `-T`. */
export const mv: Command = ({ machine, user, args }): Output => {
  const { rest, flags } = readOptions(args, { flags: ["f", "T", "force", "no-target-directory"] });
  const [from, to, ...more] = rest;
  if (from === undefined) return fail(1, "mv: missing file operand");
  if (to === undefined || more.length > 0) return fail(1, `mv: missing destination file operand after '${from}'`);
  const source = absolute(from, homeOf(user));
  const given = absolute(to, homeOf(user));
  const isFolder = machine.files.get(given)?.kind === "directory";
  if (isFolder && flags.has("T")) return fail(1, `mv: cannot overwrite directory '${to}' with non-directory '${from}'`);
  const target = isFolder ? `${given}/${source.split("/").at(-1)}` : given;
  const done = rename(machine.files, source, target, user);
  machine.changed();
  if (done.ok) return ok();
  const verb = done.fault === "No such file or directory" ? `cannot stat '${from}'` : `cannot move '${from}' to '${to}'`;
  return fail(1, `mv: ${verb}: ${done.fault}`);
};
