import { failed, ok, type Result } from "../../result.ts";

/** A program on this machine and the variable of the inventory that can name it. */
export interface Program {
  /** Path, or a name to be found on PATH. */
  readonly file: string;
  readonly name: "kubectl" | "helm" | "calicoctl";
  readonly variable: "cluster.kubectl" | "cluster.helm" | "cni.calicoctl";
  /** Why it is needed, where that is not plain. */
  readonly purpose?: string;
}

/** What a program gave back. */
export interface ProgramOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a program is run. */
export interface ProgramRun {
  readonly arguments: readonly string[];
  /** The whole environment of the child. */
  readonly environment: Readonly<Record<string, string>>;
  /** Written to standard input, which is closed after it: the only way a secret reaches the program. */
  readonly input: string;
  readonly timeoutSeconds: number;
  /** Seconds between asking the program to end (SIGTERM) and ending it (SIGKILL): helm marks an unfinished release meanwhile. */
  readonly graceSeconds: number;
  /** Aborted: the program is asked to end (SIGTERM). */
  readonly signal?: AbortSignal | undefined;
}

/** Process groups that are running, so that they can be ended with us. */
export type RunningGroups = Set<number>;

/** Output that is larger than this is a mistake: a list of 10,000 nodes has some 100 MB. */
const LARGEST_OUTPUT = 256 * 1024 * 1024;

/**
 * Runs a program without a shell. A non-zero exit is a value; only a program that could not be started or did not end is a failure.
 * execa's own errors are not passed on: they hold the arguments and what was written to standard input.
 *
 * The program leads a process group of its own. So its time limit also ends what it has started (a credential plugin that waits for a
 * login would keep the pipes open for ever), and Ctrl-C does not reach it in the middle of a write: the engine lets it finish.
 */
export async function runProgram(program: Program, run: ProgramRun, running: RunningGroups): Promise<Result<ProgramOutput>> {
  const { execa } = await import("execa");
  const child = execa(program.file, [...run.arguments], {
    env: { ...run.environment },
    extendEnv: false,
    input: run.input,
    reject: false,
    stripFinalNewline: false,
    maxBuffer: LARGEST_OUTPUT,
    detached: true,
  });
  // Not there: it could not be started.
  const group = child.pid === undefined ? [] : [child.pid];
  for (const id of group) running.add(id);
  const limit = limitOf(group, run);
  const stopped = () => endGroups(group, "SIGTERM");
  run.signal?.addEventListener("abort", stopped);
  if (run.signal?.aborted) stopped();
  const result = await Promise.race([child, limit.over]);
  limit.stop();
  run.signal?.removeEventListener("abort", stopped);
  for (const id of group) running.delete(id);
  // Whoever left the group and still holds the pipes is not waited for.
  if (result === undefined) for (const pipe of [child.stdout, child.stderr]) pipe.destroy();
  if (limit.reached() || result === undefined) {
    return failed({
      kind: "unreachable",
      doing: program.name,
      message: `no answer within ${run.timeoutSeconds} s; the program was ended`,
      meaning: "the Kubernetes API does not answer, or a credential plugin of the kubeconfig waits for something",
      next: "look whether the Kubernetes API answers: kubectl get --raw /readyz",
    });
  }
  if (result.exitCode === undefined) return notStarted(program, result.code, result.signal);
  return ok({ exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr });
}

/** Ends whole process groups; those that are gone already are no matter. */
export function endGroups(groups: Iterable<number>, signal: "SIGTERM" | "SIGKILL"): void {
  for (const group of groups) {
    try {
      process.kill(-group, signal);
    } catch {
      // Ended in the meantime.
    }
  }
}

/** The time limit of a process group: SIGTERM, SIGKILL a while later, and then (`over`) nobody waits for it any more. */
function limitOf(group: readonly number[], { timeoutSeconds, graceSeconds }: ProgramRun) {
  let reached = false;
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      reached = true;
      endGroups(group, "SIGTERM");
      timer = setTimeout(() => resolve(undefined), graceSeconds * 1000);
    }, timeoutSeconds * 1000);
  });
  return {
    over,
    reached: () => reached,
    stop: () => {
      clearTimeout(timer);
      // Also when the program itself has ended: what it started may have outlived it.
      if (reached) endGroups(group, "SIGKILL");
    },
  };
}

function notStarted(program: Program, code: string | undefined, signal: string | undefined): Result<never> {
  const named = program.file !== program.name;
  if (code === "ENOENT" || code === "EACCES") {
    const why = code === "ENOENT" ? "not found" : "not a program that may be run";
    return failed({
      kind: "failed",
      doing: `start ${program.name}`,
      message: named ? `${program.file}: ${why}` : `${program.name}: ${why} on PATH`,
      meaning: [
        named ? `${program.variable} names a program that is not there` : `${program.name} is not installed on this machine`,
        ...(program.purpose === undefined ? [] : [program.purpose]),
      ].join("; "),
      next: `install ${program.name}, put it on PATH, or name it with the variable ${program.variable}`,
    });
  }
  return failed({
    kind: "failed",
    doing: `run ${program.name}`,
    message: signal === undefined ? `did not end properly (${code ?? "no exit code"})` : `was ended by ${signal}`,
  });
}
