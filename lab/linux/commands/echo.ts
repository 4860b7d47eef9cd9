import { type Command, ok } from "../command.ts";

/** echo, as bash's builtin, with `-n`. */
export const echo: Command = ({ args }) => (args[0] === "-n" ? ok(args.slice(1).join(" ")) : ok(`${args.join(" ")}\n`));
