import { type Call, fail, type Input, type Output } from "./command.ts";
import { commands } from "./commands/index.ts";
import type { Machine } from "./machine.ts";
import { parseLine } from "./shell.ts";

/** Who runs something, with what input. */
export interface Caller {
  readonly machine: Machine;
  readonly user: string;
  readonly input: Input;
  readonly session: Call["session"];
  readonly say: Call["say"];
  readonly sleep: Call["sleep"];
}

/** Runs a line as bash does when sshd hands it over: output of all its commands, exit code of the last that ran. */
export async function runLine(caller: Caller, line: string): Promise<Output> {
  const parsed = parseLine(line);
  if (!parsed.ok) return fail(2, `bash: -c: line 1: ${parsed.error}`);
  let stdout = "";
  let stderr = "";
  let exitCode = 0;
  for (const { words, after } of parsed.commands) {
    if ((after === "&&" && exitCode !== 0) || (after === "||" && exitCode === 0)) continue;
    const output = await runWords(caller, words);
    stdout += output.stdout;
    stderr += output.stderr;
    exitCode = output.exitCode;
  }
  return { exitCode, stdout, stderr };
}

/** Runs one program by name or path. */
export async function runWords(caller: Caller, words: readonly string[]): Promise<Output> {
  const [program = "", ...args] = words;
  const name = program.replace(/^(?:\/usr)?(?:\/local)?\/s?bin\//, "");
  const command = commands.get(name);
  if (command === undefined) {
    const reason = program.includes("/") ? "No such file or directory" : "command not found";
    return fail(127, `bash: line 1: ${program}: ${reason}`);
  }
  const run: Call["run"] = (more, change) => runWords({ ...caller, user: change?.user ?? caller.user }, more);
  return command({ ...caller, args, run });
}
