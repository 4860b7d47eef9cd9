import { type Command, fail } from "../command.ts";

/** false(1) */
export const falseCommand: Command = () => fail(1, "");
