import { type Command, fail, ok } from "../command.ts";

/** sleep(1), in seconds. */
export const sleep: Command = async ({ args, sleep: wait }) => {
  const seconds = Number(args[0]);
  if (args[0] === undefined || Number.isNaN(seconds)) return fail(1, `sleep: invalid time interval ‘${args[0] ?? ""}’`);
  await wait(seconds * 1000);
  return ok();
};
