import type { Client, ClientChannel } from "ssh2";
import type { CommandOutput } from "../node.ts";

/** What a command gets on standard input; it is closed afterwards. */
export interface Stdin {
  readonly text: string;
  /** Wait for this text on standard error before anything is sent: sudo's prompt. */
  readonly after: string | undefined;
}

/** How a command ended. */
export type Executed =
  | { readonly kind: "exited"; readonly output: CommandOutput }
  /** The server opened no channel (MaxSessions), or the connection was gone before it was asked: nothing ran. */
  | { readonly kind: "not-started"; readonly reason: string }
  /** The connection went away: it may have run, or not, or halfway. */
  | { readonly kind: "lost"; readonly reason: string }
  | { readonly kind: "timed-out" };

/** Runs one command line on an open connection, for at most `limit` milliseconds. */
export function execute(client: Client, line: string, stdin: Stdin, limit: number): Promise<Executed> {
  return new Promise((resolve) => {
    let channel: ClientChannel | undefined;
    const timer = setTimeout(() => {
      resolve({ kind: "timed-out" });
      channel?.close();
    }, limit);
    const finish = (executed: Executed) => {
      clearTimeout(timer);
      resolve(executed);
    };
    try {
      // Programs are understood by their English words. Debian's and Red Hat's sshd accept LC_*; others ignore the request.
      client.exec(line, { env: { LC_ALL: "C" } }, (error, opened) => {
        if (error !== undefined) {
          finish(isRefusal(error) ? { kind: "not-started", reason: error.message } : { kind: "lost", reason: error.message });
          return;
        }
        channel = opened;
        collect(opened, stdin, finish);
      });
    } catch (error) {
      finish({ kind: "not-started", reason: error instanceof Error ? error.message : String(error) });
    }
  });
}

/** ssh2 puts the reason code of SSH_MSG_CHANNEL_OPEN_FAILURE (RFC 4254, section 5.1) on the error. */
function isRefusal(error: Error): boolean {
  return "reason" in error && error.reason !== undefined;
}

function collect(channel: ClientChannel, stdin: Stdin, finish: (executed: Executed) => void): void {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  let exit: { readonly code: number; readonly signal: string | undefined } | undefined;
  let sent = false;
  const send = () => {
    if (sent) return;
    sent = true;
    channel.end(stdin.text);
  };
  channel.on("data", (chunk: Buffer) => stdout.push(chunk));
  channel.stderr.on("data", (chunk: Buffer) => {
    stderr.push(chunk);
    if (stdin.after !== undefined && Buffer.concat(stderr).includes(stdin.after)) send();
  });
  // A program that ends without reading its input is no error of ours.
  channel.on("error", () => {});
  channel.on("exit", (code: number | null, signal?: string) => {
    exit = { code: code ?? 255, signal };
  });
  channel.on("close", () => {
    if (exit === undefined) {
      finish({ kind: "lost", reason: "the connection was lost before the command ended" });
      return;
    }
    const words = Buffer.concat(stderr).toString();
    finish({
      kind: "exited",
      output: {
        exitCode: exit.code,
        stdout: Buffer.concat(stdout).toString(),
        stderr: exit.signal === undefined ? words : `${words}ended by signal ${exit.signal}`,
      },
    });
  });
  if (stdin.after === undefined) send();
}
