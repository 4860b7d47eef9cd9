import { failed, ok, type Result } from "../../result.ts";

/** A program on this machine and the variable of the inventory that can name it. */
export interface Program {
  /** Path, or a name to be found on PATH. */
  readonly file: string;
  readonly name: "kubectl" | "helm";
  readonly variable: "cluster.kubectl" | "cluster.helm";
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
  /** Written to standard input: the only way a secret reaches the program. */
  readonly input: string;
  readonly timeoutSeconds: number;
}

/** Output that is larger than this is a mistake: a list of 10,000 nodes has some 100 MB. */
const LARGEST_OUTPUT = 256 * 1024 * 1024;

/**
 * Runs a program without a shell. A non-zero exit is a value; only a program that could not be started or did not end is a failure.
 * execa's own errors are not passed on: they hold the arguments and what was written to standard input.
 */
export async function runProgram(program: Program, run: ProgramRun): Promise<Result<ProgramOutput>> {
  const { execa } = await import("execa");
  const result = await execa(program.file, [...run.arguments], {
    env: { ...run.environment },
    extendEnv: false,
    input: run.input,
    reject: false,
    stripFinalNewline: false,
    timeout: run.timeoutSeconds * 1000,
    maxBuffer: LARGEST_OUTPUT,
  });
  if (result.timedOut) {
    return failed({
      kind: "unreachable",
      doing: program.name,
      message: `no answer within ${run.timeoutSeconds} s; the program was ended`,
      next: "look whether the Kubernetes API answers: kubectl get --raw /readyz",
    });
  }
  if (result.exitCode === undefined) return notStarted(program, result.code, result.signal);
  return ok({ exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr });
}

function notStarted(program: Program, code: string | undefined, signal: string | undefined): Result<never> {
  const named = program.file !== program.name;
  if (code === "ENOENT" || code === "EACCES") {
    const why = code === "ENOENT" ? "not found" : "not a program that may be run";
    return failed({
      kind: "failed",
      doing: `start ${program.name}`,
      message: named ? `${program.file}: ${why}` : `${program.name}: ${why} on PATH`,
      meaning: named
        ? `${program.variable} names a program that is not there`
        : `${program.name} is not installed on this machine`,
      next: `install ${program.name}, put it on PATH, or name it with the variable ${program.variable}`,
    });
  }
  return failed({
    kind: "failed",
    doing: `run ${program.name}`,
    message: signal === undefined ? `did not end properly (${code ?? "no exit code"})` : `was ended by ${signal}`,
  });
}
