import { type Command, fail, homeOf, type Output, ok } from "../command.ts";
import { absolute, find } from "../files.ts";
import { virtualFile, virtualFolder } from "../virtual-files.ts";

/** test(1) on files and words: `-e -f -d -r -s -n -z =  !=`, negated with `!`. */
export const test: Command = (call): Output => {
  const words = call.args[0] === "!" ? call.args.slice(1) : call.args;
  const answer = holds(call, words);
  if (answer === undefined) return fail(2, `bash: line 1: test: ${words[0] ?? ""}: unary operator expected`);
  return answer === (call.args[0] !== "!") ? ok() : fail(1, "");
};

/** `[`: test(1) with a closing bracket. */
export const bracket: Command = (call) => {
  if (call.args.at(-1) !== "]") return fail(2, "bash: line 1: [: missing `]'");
  return test({ ...call, args: call.args.slice(0, -1) });
};

function holds({ machine, user }: Parameters<Command>[0], words: readonly string[]): boolean | undefined {
  const [first = "", second = "", third = ""] = words;
  if (words.length === 3) return second === "=" ? first === third : second === "!=" ? first !== third : undefined;
  if (words.length < 2) return first !== "";
  if (first === "-n") return second !== "";
  if (first === "-z") return second === "";
  const path = absolute(second, homeOf(user));
  const found = find(machine.files, path, user);
  const made = virtualFile(machine, path);
  switch (first) {
    case "-e":
      return found.ok || made !== undefined || virtualFolder(machine, path);
    case "-f":
    case "-r":
      return made !== undefined || (found.ok && found.value.kind === "file");
    case "-s":
      return found.ok && found.value.content !== "";
    case "-d":
      return virtualFolder(machine, path) || (found.ok && found.value.kind === "directory");
    default:
      return undefined;
  }
}
