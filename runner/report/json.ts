import type { Reporter, ReporterOptions } from "./reporter.ts";

/** Each event as it is, one line of JSON; the recap is the last. A public interface: `event.ts` documents it. */
export function jsonReporter({ write }: Pick<ReporterOptions, "write">): Reporter {
  return {
    emit: (event) => write(`${JSON.stringify(event)}\n`),
    finish: async () => {},
  };
}
