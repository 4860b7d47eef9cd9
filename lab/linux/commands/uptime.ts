import { type Command, fail, ok } from "../command.ts";

/** uptime(1) with `-s`: since when, as local time. */
export const uptime: Command = ({ machine, args }) => {
  if (args[0] !== "-s") return fail(1, "the lab's nodes know uptime -s");
  return ok(`${new Date(machine.bootedAt).toISOString().slice(0, 19).replace("T", " ")}\n`);
};
