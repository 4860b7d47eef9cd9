import type { Command } from "./node.ts";

const BARE = /^[\w@%+=:,./-]+$/;

/** One word for a POSIX shell: bare when it cannot be misread, else in single quotes (POSIX.1-2017, XCU 2.2.2). */
export function quoteWord(word: string): string {
  return BARE.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * The line an SSH server's shell is given for an argument list. The only place where a command becomes text: SSH's `exec` request
 * (RFC 4254, section 6.5) carries one string, which the login shell takes apart again.
 */
export function quoteCommand(command: Command): string {
  return command.map(quoteWord).join(" ");
}
