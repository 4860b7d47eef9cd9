import type { Failure } from "../../result.ts";
import type { Secret } from "../../secret.ts";
import type { Command, CommandOutput } from "../node.ts";
import type { Stdin } from "./execute.ts";

/** How this host runs privileged commands. */
export type Privilege =
  | { readonly kind: "none" }
  | { readonly kind: "sudo" }
  | { readonly kind: "sudo-password"; readonly password: Secret };

/** A command as it is sent, with what goes to its standard input. */
export interface Prepared {
  readonly command: Command;
  readonly stdin: Stdin;
}

const PROMPT = "underlay-sudo-password:";

/** Exit 0 when sudo needs no password; `-k`: whatever it remembers from a moment ago. */
export const sudoWithoutPassword: Command = ["sudo", "-n", "-k", "--", "true"];

/**
 * Puts sudo before a command. The password goes by standard input. When the command has input of its own, the password is sent only as an
 * answer to the prompt, and `-k` makes sudo ask although it asked a moment ago: else the command would take the password for its input.
 */
export function withSudo(privilege: Privilege, command: Command, input: string | undefined): Prepared {
  switch (privilege.kind) {
    case "none":
      return { command, stdin: { text: input ?? "", after: undefined } };
    case "sudo":
      return { command: ["sudo", "-n", "--", ...command], stdin: { text: input ?? "", after: undefined } };
    case "sudo-password": {
      const password = `${privilege.password.reveal()}\n`;
      if (input === undefined) {
        return { command: ["sudo", "-S", "-p", "", "--", ...command], stdin: { text: password, after: undefined } };
      }
      return {
        command: ["sudo", "-k", "-S", "-p", PROMPT, "--", ...command],
        stdin: { text: `${password}${input}`, after: PROMPT },
      };
    }
  }
}

/** Takes our prompt out of what a command printed. */
export function withoutPrompt(output: CommandOutput): CommandOutput {
  return { ...output, stderr: output.stderr.replaceAll(PROMPT, "") };
}

/** What sudo itself says when it does not let the command run; undefined when the command ran. In sudo's English words. */
export function sudoRefusal(privilege: Privilege, output: CommandOutput, doing: string): Failure | undefined {
  if (privilege.kind === "none" || output.exitCode === 0) return undefined;
  const said = output.stderr.trim();
  const refuse = (meaning: string, next: string): Failure => ({ kind: "failed", doing, message: said, meaning, next });
  if (/is not in the sudoers file|may not run sudo|is not allowed to (execute|run)/.test(said)) {
    return refuse("the login user may not run this with sudo", "add the user to sudoers, or log in as another (ansible_user)");
  }
  if (/sudo: .*incorrect password|Sorry, try again/.test(said)) {
    return refuse("the sudo password is wrong", "correct ansible_become_password");
  }
  if (/sudo: (a password is required|no password was provided|a terminal is required|no tty present)/.test(said)) {
    return refuse("sudo asks for a password", "set ansible_become_password, or allow the commands without one (NOPASSWD)");
  }
  if (output.exitCode === 127 && /sudo: (command )?not found|sudo: No such file/.test(said)) {
    return refuse("there is no sudo on the host", "install it, or log in as root");
  }
  return undefined;
}
