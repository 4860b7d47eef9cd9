import { type Command, fail, type Output } from "../command.ts";

const FOLDER: ReadonlySet<string> = new Set(["ip", "netplan", "ethtool"]);

/** which(1), over the names of the registry. */
export function whichOf(known: (name: string) => boolean): Command {
  return ({ args }): Output => {
    const found = args.filter((name) => !name.startsWith("-") && known(name));
    if (found.length === 0) return fail(1, "");
    return {
      exitCode: 0,
      stdout: found.map((name) => `/usr/${FOLDER.has(name) ? "sbin" : "bin"}/${name}\n`).join(""),
      stderr: "",
    };
  };
}
