import { type Command, fail, homeOf, type Output } from "../command.ts";
import { absolute, readFile } from "../files.ts";
import { parseLine } from "../shell.ts";

/** sh(1): `-c LINE`, or a script of plain command lines and comments; a failing line does not stop it unless `set -e` came first. */
export const sh: Command = async ({ machine, user, args, run }): Promise<Output> => {
  const [first = "", second = ""] = args;
  let text = second;
  if (first !== "-c") {
    const found = readFile(machine.files, absolute(first, homeOf(user)), user);
    if (!found.ok) return fail(2, `/bin/sh: 0: cannot open ${first}: ${found.fault}`);
    text = found.value;
  }
  let [stdout, stderr, exitCode, strict] = ["", "", 0, false];
  for (const line of text.split("\n")) {
    const parsed = parseLine(line);
    if (!parsed.ok) return fail(2, `${stderr}${first}: ${parsed.error}`, stdout);
    for (const { words, after } of parsed.commands) {
      if ((after === "&&" && exitCode !== 0) || (after === "||" && exitCode === 0)) continue;
      if (words[0] === "set") {
        strict ||= words[1] === "-e";
        continue;
      }
      const output = await run(words);
      stdout += output.stdout;
      stderr += output.stderr;
      exitCode = output.exitCode;
    }
    if (strict && exitCode !== 0) break;
  }
  return { exitCode, stdout, stderr };
};
