import type { Machine } from "./machine.ts";

/** What a command gives back to the shell. */
export interface Output {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Standard input of an SSH channel, read only by commands that want it. */
export interface Input {
  /** The next line without its end; undefined at the end of the input. */
  line(): Promise<string | undefined>;
  /** All that is left. */
  rest(): Promise<string>;
}

/** A command being run. */
export interface Call {
  readonly machine: Machine;
  /** Effective user. */
  readonly user: string;
  /** Arguments, without the program's name. */
  readonly args: readonly string[];
  readonly input: Input;
  /** sudo's time stamp: whether this connection has given the password lately (sudoers(5), timestamp_type=ppid). */
  readonly session: { authenticatedUntil: number };
  /** Writes to standard error at once, before the command has ended. */
  readonly say: (text: string) => void;
  /** Waits, unless the lab is closed. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Runs another program in the same place: for sudo, sh, env. */
  readonly run: (words: readonly string[], change?: { readonly user?: string }) => Promise<Output>;
}

/** A program of the lab's nodes. */
export type Command = (call: Call) => Output | Promise<Output>;

/** Success, with what goes to standard output. */
export function ok(stdout = "", stderr = ""): Output {
  return { exitCode: 0, stdout, stderr };
}

/** Failure, with the complaint that goes to standard error. */
export function fail(exitCode: number, stderr: string, stdout = ""): Output {
  return { exitCode, stdout, stderr: stderr === "" || stderr.endsWith("\n") ? stderr : `${stderr}\n` };
}

/** No input: for scripts that a timer runs. */
export const NO_INPUT: Input = { line: async () => undefined, rest: async () => "" };

/** The home folder of a user. */
export function homeOf(user: string): string {
  return user === "root" ? "/root" : `/home/${user}`;
}
