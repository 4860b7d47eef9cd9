import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { failed, ok, type Result } from "../../result.ts";
import { mask, type Secret } from "../../secret.ts";
import { explain } from "./cluster-failure.ts";
import { endAtExit } from "./end-at-exit.ts";
import { endGroups, type Program, type ProgramOutput, type RunningGroups, runProgram } from "./program.ts";
import { calicoctlEnvironment, kubeconfigPath, programEnvironment } from "./program-environment.ts";
import type { ClusterTimeouts } from "./timeouts.ts";

/** Which programs to use, and with which cluster. */
export interface ProgramOptions {
  /** kubectl program; default: found on PATH. */
  readonly kubectl?: string | undefined;
  /** helm program; default: found on PATH. */
  readonly helm?: string | undefined;
  /** calicoctl program; default: found on PATH. */
  readonly calicoctl?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  /** Masked in whatever the programs print. */
  readonly secrets: Iterable<Secret>;
}

/** One call of a program. */
export interface Call {
  readonly arguments: readonly string[];
  /** What runs in a container: behind `--`, after our own flags. */
  readonly command?: readonly string[];
  /** Standard input. Never shown. */
  readonly input?: string;
  /** Attempts after the first when the failure is transient. */
  readonly retries: number;
  /** A non-zero exit that the caller understands. */
  readonly accept?: (output: ProgramOutput) => boolean;
  readonly timeoutSeconds?: number;
  /** Aborted: the program is asked to end. */
  readonly signal?: AbortSignal;
}

/** kubectl, helm and calicoctl of one run. */
export interface Programs {
  kubectl(call: Call): Promise<Result<ProgramOutput>>;
  helm(call: Call): Promise<Result<ProgramOutput>>;
  calicoctl(call: Call): Promise<Result<ProgramOutput>>;
  /** Processes started so far. */
  counts(): Readonly<Record<string, number>>;
  /** Ends what is still running and removes the discovery cache. */
  close(): void;
}

/** Attempts after the first for reads, and for writes that may be repeated. */
export const READ_RETRIES = 3;
export const WRITE_RETRIES = 1;

/**
 * kubectl and helm with the run's kubeconfig, context and environment. kubectl's discovery cache is a folder of this run: the user's
 * own may be ten minutes old and not know the kinds that a release has just brought.
 */
export function createPrograms(options: ProgramOptions, timeouts: ClusterTimeouts): Programs {
  const counts: Record<string, number> = { kubectl: 0, helm: 0 };
  const running: RunningGroups = new Set();
  const release = endAtExit(running);
  let cache: string | undefined;

  const call = async (
    program: Program,
    common: readonly string[],
    { arguments: args, command, input, retries, ...call }: Call,
    added: Readonly<Record<string, string>> = {},
  ) => {
    const inside = command === undefined ? [] : ["--", ...command];
    const doing = [program.name, ...args, ...inside].join(" ");
    if (options.kubeconfig !== undefined && !existsSync(kubeconfigPath(options.kubeconfig))) {
      return noKubeconfig(doing, kubeconfigPath(options.kubeconfig));
    }
    for (let attempt = 0; ; attempt += 1) {
      counts[program.name] = (counts[program.name] ?? 0) + 1;
      const ran = await runProgram(
        program,
        {
          arguments: [...args, ...common, ...inside],
          // Made each time: the secrets of a run grow while it goes on.
          environment: { ...programEnvironment(options.kubeconfig, options.secrets), ...added },
          input: input ?? "",
          timeoutSeconds: call.timeoutSeconds ?? timeouts.processSeconds,
          graceSeconds: timeouts.graceSeconds,
          signal: call.signal,
        },
        running,
      );
      if (!ran.ok) return failed({ ...ran.failure, doing: ran.failure.doing === program.name ? doing : ran.failure.doing });
      if (ran.value.exitCode === 0 || call.accept?.(ran.value)) return ok(ran.value);
      const { failure, transient } = explain(doing, ran.value.exitCode, mask(ran.value.stderr, options.secrets));
      if (!transient || attempt >= retries) return failed(failure);
      await sleep(timeouts.retryMilliseconds * 2 ** attempt);
    }
  };

  const kubectl: Program = { name: "kubectl", file: options.kubectl ?? "kubectl", variable: "cluster.kubectl" };
  const helm: Program = { name: "helm", file: options.helm ?? "helm", variable: "cluster.helm" };
  const calicoctl: Program = {
    name: "calicoctl",
    file: options.calicoctl ?? "calicoctl",
    variable: "cni.calicoctl",
    purpose: "the cluster does not serve projectcalico.org/v3, and only calicoctl can write Calico's objects there",
  };
  const context = options.context;
  return {
    kubectl: (request) => {
      cache ??= mkdtempSync(path.join(tmpdir(), "underlay-kubectl-"));
      const common = ["--cache-dir", cache, `--request-timeout=${timeouts.requestSeconds}s`];
      return call(kubectl, context === undefined ? common : [...common, "--context", context], request);
    },
    helm: (request) => call(helm, context === undefined ? [] : ["--kube-context", context], request),
    calicoctl: (request) => call(calicoctl, [], request, calicoctlEnvironment(options.kubeconfig, context)),
    counts: () => ({ ...counts }),
    close: () => {
      release();
      endGroups(running, "SIGTERM");
      if (cache !== undefined) rmSync(cache, { recursive: true, force: true });
      cache = undefined;
    },
  };
}

/** kubectl itself would silently turn to localhost:8080. */
function noKubeconfig(doing: string, file: string): Result<never> {
  return failed({
    kind: "failed",
    doing,
    message: `${file}: no such file`,
    meaning: "cluster.kubeconfig names a kubeconfig that is not there",
    next: "correct cluster.kubeconfig, or leave it out to use $KUBECONFIG or ~/.kube/config",
  });
}
