import type { Result } from "../result.ts";
import type { Secret } from "../secret.ts";

/** A program and its arguments: never a shell line. */
export type Command = readonly [program: string, ...args: string[]];

/** What a program on a node gave back. */
export interface CommandOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A file that should exist on a node with this content, owner root. */
export interface NodeFile {
  readonly kind: "file";
  readonly path: string;
  readonly content: string;
  /** Octal text, `0600`. */
  readonly mode: string;
  readonly state: "present" | "absent";
}

/** Reads from one Linux node over SSH. Several reads asked for together are sent together on the one connection. */
export interface NodeReader {
  /** Runs a command that only reads (`ip -j addr`, `cat`, `stat`). A non-zero exit is a value, not a failure. */
  run(command: Command, options?: { readonly sudo?: boolean }): Promise<Result<CommandOutput>>;
  /** A file with its mode; undefined when it does not exist. Read with sudo when needed. */
  file(path: string): Promise<Result<{ readonly content: string; readonly mode: string } | undefined>>;
}

/** Text with secrets in it, in parts that are joined; only the connection puts the secrets in. */
export type SecretText = readonly (string | Secret)[];

/** How a command that changes something is run. */
export interface WriteOptions {
  /** Goes to standard input. Its secrets are masked in what the command prints. */
  readonly input?: string | Secret | SecretText;
  /** False: as the login user. */
  readonly sudo?: boolean;
  /** Seconds the command may take; without it the connection's own limit. */
  readonly timeout?: number;
  /** The command may end the connection it came over (a reboot): a lost connection then counts as an answer, exit code 255 as ssh(1) has it. */
  readonly mayCutOff?: boolean;
}

/** Writes to one Linux node. */
export interface NodeWriter {
  /** Runs a command with sudo when the login user is not root. */
  run(command: Command, options?: WriteOptions): Promise<Result<CommandOutput>>;
  /** Puts a file in place atomically (temporary file, mode, rename); what was there is kept as `<path>.underlay-backup` when not ours. */
  putFile(file: { readonly path: string; readonly content: string; readonly mode: string }): Promise<Result<void>>;
  /** Closes the connection and opens a new one within the time limit (seconds): proof that the node can still be reached. */
  reconnect(timeoutSeconds: number): Promise<Result<void>>;
}
