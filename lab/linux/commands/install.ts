import { type Command, fail, homeOf, type Output, ok } from "../command.ts";
import { absolute, makeFolder, readFile, setRights, writeFile } from "../files.ts";
import { readOptions } from "../options.ts";

/** install(1): `-d` makes folders, else one file is copied with a mode and owner. */
export const install: Command = ({ machine, user, args }): Output => {
  const { rest, flags, values } = readOptions(args, {
    flags: ["d", "directory", "D", "T"],
    withValue: ["m", "mode", "o", "owner", "g", "group"],
  });
  const mode = Number.parseInt(values.get("m") ?? values.get("mode") ?? "755", 8);
  const owner = values.get("o") ?? values.get("owner") ?? user;
  const group = values.get("g") ?? values.get("group") ?? owner;
  const finish = (path: string) => {
    setRights(machine.files, path, user === "root" ? { mode, owner, group } : { mode }, user);
    machine.changed();
    return ok();
  };
  if (flags.has("d") || flags.has("directory")) {
    for (const path of rest) {
      const full = absolute(path, homeOf(user));
      if (machine.files.get(full)?.kind !== "directory") {
        const made = makeFolder(machine.files, full, user, mode);
        if (!made.ok) return fail(1, `install: cannot create directory ‘${path}’: ${made.fault}`);
      }
      finish(full);
    }
    return ok();
  }
  const [from, to] = rest;
  if (from === undefined || to === undefined) return fail(1, "install: missing file operand");
  const content =
    from === "/dev/null" ? { ok: true as const, value: "" } : readFile(machine.files, absolute(from, homeOf(user)), user);
  if (!content.ok) return fail(1, `install: cannot stat '${from}': ${content.fault}`);
  const given = absolute(to, homeOf(user));
  const target = machine.files.get(given)?.kind === "directory" ? `${given}/${from.split("/").at(-1)}` : given;
  const written = writeFile(machine.files, target, content.value, user, mode);
  return written.ok ? finish(target) : fail(1, `install: cannot create regular file '${to}': ${written.fault}`);
};
