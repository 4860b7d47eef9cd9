import { exitCodes } from "./exit-codes.ts";

/** Ctrl-C while something runs. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** Ctrl-C means again what it meant before. */
  release(): void;
}

/**
 * The first Ctrl-C (or SIGTERM) lets what is running finish and starts nothing more; the second ends the process at once. `told` is called
 * at the first.
 */
export function onInterruption(told: () => void): Interruption {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort();
    told();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return {
    signal: controller.signal,
    release: () => {
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", interrupt);
    },
  };
}
