import { type Command, homeOf, type Output } from "../command.ts";
import { absolute, readFile } from "../files.ts";
import { readOptions } from "../options.ts";
import { virtualFile } from "../virtual-files.ts";

/** cat(1) */
export const cat: Command = async ({ machine, user, args, input }): Promise<Output> => {
  const { rest } = readOptions(args, { flags: [] });
  let stdout = "";
  let stderr = "";
  for (const path of rest.length === 0 ? ["-"] : rest) {
    if (path === "-") {
      stdout += await input.rest();
      continue;
    }
    const full = absolute(path, homeOf(user));
    const made = virtualFile(machine, full);
    const found = made === undefined ? readFile(machine.files, full, user) : { ok: true as const, value: made };
    if (found.ok) stdout += found.value;
    else stderr += `cat: ${path}: ${found.fault}\n`;
  }
  return { exitCode: stderr === "" ? 0 : 1, stdout, stderr };
};
