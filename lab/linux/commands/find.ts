import { type Command, fail, homeOf, type Output } from "../command.ts";
import { absolute, find as lookUp } from "../files.ts";

/** find(1): starting points with `-maxdepth N` and `-type f|d`. */
export const find: Command = ({ machine, user, args }): Output => {
  const firstTest = args.findIndex((arg) => arg.startsWith("-"));
  const starts = firstTest < 0 ? args : args.slice(0, firstTest);
  const tests = firstTest < 0 ? [] : args.slice(firstTest);
  let deepest = Number.POSITIVE_INFINITY;
  let kind: string | undefined;
  for (let at = 0; at < tests.length; at += 2) {
    if (tests[at] === "-maxdepth") deepest = Number(tests[at + 1]);
    else if (tests[at] === "-type") kind = tests[at + 1] === "d" ? "directory" : "file";
    else return fail(1, `find: unknown predicate \`${tests[at]}'`);
  }
  let stdout = "";
  let stderr = "";
  for (const start of starts.length === 0 ? ["."] : starts) {
    const root = absolute(start, homeOf(user));
    const found = lookUp(machine.files, root, user);
    if (!found.ok) {
      stderr += `find: ‘${start}’: ${found.fault}\n`;
      continue;
    }
    for (const [path, entry] of [...machine.files].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (path !== root && !path.startsWith(root === "/" ? "/" : `${root}/`)) continue;
      const below = path === root ? "" : path.slice(root === "/" ? 0 : root.length);
      const depth = below.split("/").length - 1;
      if (depth <= deepest && (kind === undefined || entry.kind === kind)) stdout += `${start}${below}\n`;
    }
  }
  return { exitCode: stderr === "" ? 0 : 1, stdout, stderr };
};
