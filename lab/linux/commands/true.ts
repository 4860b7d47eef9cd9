import { type Command, ok } from "../command.ts";

/** true(1) */
export const trueCommand: Command = () => ok();
