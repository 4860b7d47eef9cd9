import { type Command, ok } from "../command.ts";

/** whoami(1) */
export const whoami: Command = ({ user }) => ok(`${user}\n`);
