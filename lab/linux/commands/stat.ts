import { type Command, fail, homeOf, type Output } from "../command.ts";
import { absolute, type FileEntry, find } from "../files.ts";
import { readOptions } from "../options.ts";

/** stat(1) with a format, `-c '%a %U %s'`. */
export const stat: Command = ({ machine, user, args }): Output => {
  const { rest, values, unknown } = readOptions(args, { flags: ["L"], withValue: ["c", "format"] });
  const format = values.get("c") ?? values.get("format");
  if (unknown !== undefined) return fail(1, `stat: invalid option -- '${unknown}'`);
  if (rest.length === 0) return fail(1, "stat: missing operand");
  let stdout = "";
  let stderr = "";
  for (const path of rest) {
    const found = find(machine.files, absolute(path, homeOf(user)), user);
    if (found.ok) stdout += `${format === undefined ? summary(path, found.value) : filled(format, path, found.value)}\n`;
    else stderr += `stat: cannot statx '${path}': ${found.fault}\n`;
  }
  return { exitCode: stderr === "" ? 0 : 1, stdout, stderr };
};

function filled(format: string, path: string, entry: FileEntry): string {
  const id = (name: string) => (name === "root" ? "0" : "1000");
  const fields: Record<string, string> = {
    a: entry.mode.toString(8),
    n: path,
    s: String(Buffer.byteLength(entry.content)),
    U: entry.owner,
    G: entry.group,
    u: id(entry.owner),
    g: id(entry.group),
    Y: String(Math.floor(entry.modified / 1000)),
    F: entry.kind === "directory" ? "directory" : entry.content === "" ? "regular empty file" : "regular file",
    "%": "%",
  };
  return format.replace(/%(.)/g, (whole, letter: string) => fields[letter] ?? whole);
}

function summary(path: string, entry: FileEntry): string {
  return filled("  File: %n\n  Size: %s\t%F\nAccess: (0%a)  Uid: ( %u/ %U)   Gid: ( %g/ %G)", path, entry);
}
