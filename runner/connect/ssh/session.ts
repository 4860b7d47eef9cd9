import { setTimeout as sleep } from "node:timers/promises";
import pLimit from "p-limit";
import { type Failure, failed, ok, type Result } from "../../result.ts";
import { mask, Secret } from "../../secret.ts";
import type { Connection } from "../connection.ts";
import type { Command, CommandOutput, NodeFile, NodeReader, NodeWriter, SecretText } from "../node.ts";
import { quoteCommand } from "../quote.ts";
import { execute } from "./execute.ts";
import { openFiles } from "./files.ts";
import type { JumpHosts } from "./jump-hosts.ts";
import { keepLink } from "./link-keeper.ts";
import { defaultTimeouts, type SshOptions } from "./options.ts";
import { type Privilege, sudoRefusal, sudoWithoutPassword, withoutPrompt, withSudo } from "./sudo.ts";

/** Open channels at once; sshd's MaxSessions is 10, and a person may want one too. */
const MOST_CHANNELS = 8;
/** Pauses before a refused channel is asked for again, in milliseconds; refused this often, the command fails. */
const CHANNEL_PAUSES = [100, 200, 400, 800, 1600];

/** The SSH connection of one host, for a whole run. */
export interface SshSession {
  connection(): Connection<NodeFile, NodeReader, NodeWriter>;
  /** Opens the connection now; without it the first command does. Failure kind `unreachable`. */
  open(): Promise<Result<void>>;
  /** TCP connections opened and commands run so far. */
  counts(): Readonly<Record<"connections" | "commands", number>>;
  close(): Promise<void>;
}

interface Request {
  readonly sudo: boolean;
  readonly input: SecretText | undefined;
  /** A command that only reads is run once more, on a new connection, when the first was lost. */
  readonly repeatable: boolean;
  /** Milliseconds. */
  readonly limit: number;
  /** A lost connection is an answer. */
  readonly mayCutOff: boolean;
}

/** What ssh(1) exits with when its connection is lost. */
const CUT_OFF: CommandOutput = { exitCode: 255, stdout: "", stderr: "" };

/** Makes the session of one host; nothing is connected yet. The jump hosts' connections are shared, and not closed with it. */
export function openSsh(options: SshOptions, jumpHosts: JumpHosts): SshSession {
  const commandTimeout = options.timeouts?.command ?? defaultTimeouts.command;
  const keeper = keepLink(options, jumpHosts);
  const budget = pLimit(MOST_CHANNELS);
  let commands = 0;
  /** Commands on their way now. */
  let running = 0;

  let asking: Promise<boolean> | undefined;
  const reading = { input: undefined, repeatable: true, limit: commandTimeout, mayCutOff: false } as const;

  /** Whether sudo really wants the password that the inventory gives: a command with input must not wait for a prompt that never comes. */
  const sudoAsks = (): Promise<boolean> => {
    asking ??= run(sudoWithoutPassword, { ...reading, sudo: false }).then((tried) => {
      if (!tried.ok) asking = undefined; // Nobody answered: ask again next time.
      return !tried.ok || tried.value.exitCode !== 0;
    });
    return asking;
  };

  const privilege = async ({ sudo, input }: Request): Promise<Privilege> => {
    if (!sudo || !options.become || (await keeper.user()) === "root") return { kind: "none" };
    const password = options.becomePassword;
    if (password === undefined || (input !== undefined && !(await sudoAsks()))) return { kind: "sudo" };
    return { kind: "sudo-password", password };
  };

  const runOnce = async (command: Command, request: Request): Promise<Result<CommandOutput> | "lost"> => {
    const how = await privilege(request);
    const doing = quoteCommand(how.kind === "none" ? command : ["sudo", ...command]);
    const input = request.input?.map((part) => (part instanceof Secret ? part.reveal() : part)).join("");
    const secrets = request.input?.filter((part) => part instanceof Secret) ?? [];
    const prepared = withSudo(how, command, input);
    const line = quoteCommand(prepared.command);
    for (let refused = 0; ; ) {
      const link = await keeper.open();
      if (!link.ok) return link;
      commands += 1;
      running += 1;
      const executed = await execute(link.value.client, line, prepared.stdin, request.limit);
      running -= 1;
      if (executed.kind === "exited") {
        const output = withoutPrompt(executed.output);
        const words = {
          ...output,
          stdout: secrets.length === 0 ? output.stdout : mask(output.stdout, secrets),
          stderr: mask(output.stderr, [...options.secrets, ...secrets]),
        };
        const refusal = sudoRefusal(how, words, doing);
        return refusal === undefined ? ok(words) : failed(refusal);
      }
      if (executed.kind === "timed-out") return failed(timedOut(doing, request.limit, request.repeatable));
      if (executed.kind === "lost") {
        link.value.close();
        if (request.mayCutOff) return ok(CUT_OFF);
        return request.repeatable ? "lost" : failed(lostWrite(doing, executed.reason));
      }
      const pause = CHANNEL_PAUSES[refused];
      if (pause === undefined) return failed(noChannel(doing, executed.reason));
      // While others of ours are on their way this server has a smaller MaxSessions: send fewer from now on, and wait for one of them.
      if (running > 0) budget.concurrency = Math.min(budget.concurrency, running);
      else refused += 1;
      await sleep(pause);
    }
  };

  const run = async (command: Command, request: Request): Promise<Result<CommandOutput>> => {
    const first = await runOnce(command, request);
    if (first !== "lost") return first;
    const second = await runOnce(command, request);
    return second === "lost" ? failed(lostTwice(quoteCommand(command))) : second;
  };

  const read: NodeReader["run"] = (command, asked) => budget(() => run(command, { ...reading, sudo: asked?.sudo ?? false }));
  const write: NodeWriter["run"] = (command, asked) =>
    budget(() =>
      run(command, {
        sudo: asked?.sudo ?? true,
        input: asked?.input === undefined || Array.isArray(asked.input) ? asked?.input : [asked.input],
        repeatable: false,
        limit: asked?.timeout === undefined ? commandTimeout : asked.timeout * 1000,
        mayCutOff: asked?.mayCutOff ?? false,
      }),
    );
  const files = openFiles(read, write, options.secrets);
  const connection: Connection<NodeFile, NodeReader, NodeWriter> = {
    reader: { run: read, file: files.read },
    writer: options.check ? undefined : { run: write, putFile: files.put, reconnect: keeper.reopen },
    plan: files.plan,
  };
  return {
    connection: () => connection,
    open: async () => {
      const opened = await keeper.open();
      return opened.ok ? ok(undefined) : opened;
    },
    counts: () => ({ connections: keeper.opened(), commands }),
    close: async () => keeper.close(),
  };
}

function timedOut(doing: string, limit: number, reads: boolean): Failure {
  return {
    kind: "failed",
    doing,
    message: `not finished after ${limit / 1000} s`,
    meaning: reads ? "the program hangs or the host is overloaded" : "the outcome is unknown: it may still be running",
    next: "look at the host, then run again: a re-run converges",
  };
}

function lostWrite(doing: string, reason: string): Failure {
  return {
    kind: "failed",
    doing,
    message: reason,
    meaning: "the outcome is unknown: the command may have run, or not, or only in part; it is not repeated blindly",
    next: "run again: what is already done is left alone, the rest is done",
  };
}

function lostTwice(doing: string): Failure {
  return {
    kind: "unreachable",
    doing,
    message: "the connection was lost twice in the middle of this command",
    meaning: "the host restarts, its network is unstable, or the command itself cuts the connection",
    next: "look at the host's console and sshd's log, then run again",
  };
}

function noChannel(doing: string, reason: string): Failure {
  return {
    kind: "failed",
    doing,
    message: reason,
    meaning: "the server opens no further session for this command",
    next: "check MaxSessions (10 or more) in the host's sshd_config",
  };
}
