import { type Command, homeOf, type Output } from "../command.ts";
import { absolute, type FileEntry, find, namesIn } from "../files.ts";
import { readOptions } from "../options.ts";

/** ls(1): `-l`, `-a`, `-d`, `-1`. */
export const ls: Command = ({ machine, user, args }): Output => {
  const { rest, flags } = readOptions(args, { flags: ["l", "a", "d", "1", "A"] });
  const blocks: string[] = [];
  let stderr = "";
  for (const path of rest.length === 0 ? ["."] : rest) {
    const full = absolute(path, homeOf(user));
    const found = find(machine.files, full, user);
    if (!found.ok) {
      const verb = found.fault === "Permission denied" ? "open directory" : "access";
      stderr += `ls: cannot ${verb} '${path}': ${found.fault}\n`;
      continue;
    }
    const show = (name: string, entry: FileEntry) => (flags.has("l") ? `${longForm(entry)} ${name}\n` : `${name}\n`);
    if (found.value.kind === "file" || flags.has("d")) {
      blocks.push(show(path, found.value));
      continue;
    }
    const names = namesIn(machine.files, full).filter((name) => flags.has("a") || flags.has("A") || !name.startsWith("."));
    const listed = names.map((name) => {
      const entry = machine.files.get(absolute(name, full));
      return entry === undefined ? "" : show(name, entry);
    });
    blocks.push((rest.length > 1 ? `${path}:\n` : "") + (flags.has("l") ? "total 0\n" : "") + listed.join(""));
  }
  return { exitCode: stderr === "" ? 0 : 2, stdout: blocks.join(rest.length > 1 ? "\n" : ""), stderr };
};

function longForm(entry: FileEntry): string {
  const letters = [..."rwxrwxrwx"].map((letter, place) => ((entry.mode >> (8 - place)) & 1 ? letter : "-")).join("");
  const date = new Date(entry.modified).toISOString();
  const kind = entry.kind === "directory" ? "d" : "-";
  const size = String(Buffer.byteLength(entry.content)).padStart(5);
  return `${kind}${letters} 1 ${entry.owner} ${entry.group} ${size} ${date.slice(0, 10)} ${date.slice(11, 16)}`;
}
