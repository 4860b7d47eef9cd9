import { type Command, fail, homeOf, type Output, ok } from "../command.ts";
import { absolute, find, readFile, rename, setRights, writeFile } from "../files.ts";
import { readOptions } from "../options.ts";

/** cp(1) of one file: `-p`, `-f`, `-T`, `--backup=numbered`. */
export const cp: Command = ({ machine, user, args }): Output => {
  const { rest, flags, values } = readOptions(args, {
    flags: ["p", "f", "a", "T", "backup", "preserve", "no-target-directory"],
  });
  const [from, to, ...more] = rest;
  if (from === undefined) return fail(1, "cp: missing file operand");
  if (to === undefined || more.length > 0) return fail(1, `cp: missing destination file operand after '${from}'`);
  const source = absolute(from, homeOf(user));
  const given = absolute(to, homeOf(user));
  const tree = machine.files;
  const target = tree.get(given)?.kind === "directory" ? `${given}/${source.split("/").at(-1)}` : given;
  const found = find(tree, source, user);
  if (!found.ok) return fail(1, `cp: cannot stat '${from}': ${found.fault}`);
  if (found.value.kind === "directory") return fail(1, `cp: -r not specified; omitting directory '${from}'`);
  const content = readFile(tree, source, user);
  if (!content.ok) return fail(1, `cp: cannot open '${from}' for reading: ${content.fault}`);
  if (flags.has("backup") && tree.has(target)) {
    if (!["numbered", "t"].includes(values.get("backup") ?? ""))
      return fail(1, "cp: the lab's nodes know --backup=numbered only");
    let number = 1;
    while (tree.has(`${target}.~${number}~`)) number += 1;
    const kept = rename(tree, target, `${target}.~${number}~`, user);
    if (!kept.ok) return fail(1, `cp: cannot backup '${to}': ${kept.fault}`);
  }
  const written = writeFile(tree, target, content.value, user, found.value.mode & 0o777);
  if (!written.ok) return fail(1, `cp: cannot create regular file '${to}': ${written.fault}`);
  if (flags.has("p") || flags.has("a") || flags.has("preserve")) {
    setRights(tree, target, { mode: found.value.mode }, user);
    if (user === "root") setRights(tree, target, { owner: found.value.owner, group: found.value.group }, user);
  }
  machine.changed();
  return ok();
};
