import { exitCodes } from "./exit-codes.ts";

/** Ctrl-C while something runs. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** Ctrl-C means again what it meant before. */
  release(): void;
}

/** What is said, and written down, when somebody interrupts. */
export interface OnInterruption {
  readonly first: () => void;
  /** The last thing before the process ends: only what needs no waiting. */
  readonly second?: () => void;
}

/** What a terminal sends for Ctrl-C, what a service manager sends, and what is left when the terminal has gone. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * The first Ctrl-C (SIGTERM, or a terminal that goes away) lets what is running finish and starts nothing more; the second ends the process at
 * once, and the programs that it has started with it (`runner/connect/kube/end-at-exit.ts`). What a run ended like that may leave behind:
 * temporary objects of probes (CalicoNodeStatus named `underlay-…`), kubectl's cache in a folder `underlay-kubectl-…` of the system's temporary one, and on a
 * node a file that was being written, beside its place and with mode 0600. A later run is not disturbed by any of them.
 */
export function onInterruption({ first, second }: OnInterruption): Interruption {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) {
      second?.();
      process.exit(exitCodes.interrupted);
    }
    controller.abort();
    first();
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  return {
    signal: controller.signal,
    release: () => {
      for (const signal of SIGNALS) process.off(signal, interrupt);
    },
  };
}
