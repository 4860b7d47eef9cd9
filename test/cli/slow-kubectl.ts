import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** A kubectl that takes its time when it writes, and writes down what becomes of it. */
export interface SlowKubectl {
  /** Path of the program. */
  readonly file: string;
  /** One line each: `begun 1234`, `wrote`, `told INT`, `told TERM`. */
  log(): readonly string[];
  /** Process numbers of the writes that began. */
  pids(): readonly number[];
}

/**
 * Makes one that hands everything to a real kubectl; `apply` first waits so many seconds. With `stubborn` it does not heed SIGTERM, as a program that
 * hangs in a call.
 */
export function slowKubectl(
  directory: string,
  options: { readonly kubectl: string; readonly seconds: number; readonly stubborn?: boolean },
): SlowKubectl {
  const file = path.join(directory, "kubectl");
  const list = path.join(directory, "kubectl.log");
  const told = (signal: string, then: string) => `trap 'echo told ${signal} >> ${list}${then}' ${signal}`;
  writeFileSync(
    file,
    [
      "#!/bin/sh",
      `case " $* " in *" --dry-run"*) exec ${options.kubectl} "$@" ;; *" apply "*) ;; *) exec ${options.kubectl} "$@" ;; esac`,
      `echo "begun $$" >> ${list}`,
      told("INT", "; exit 130"),
      told("TERM", options.stubborn === true ? "" : "; exit 143"),
      `input=$(cat)`,
      `for _ in $(seq ${options.seconds * 10}); do sleep 0.1; done`,
      `printf '%s' "$input" | ${options.kubectl} "$@"`,
      "code=$?",
      `echo wrote >> ${list}`,
      "exit $code",
      "",
    ].join("\n"),
  );
  chmodSync(file, 0o755);
  writeFileSync(list, "");
  const log = () => (existsSync(list) ? readFileSync(list, "utf8").trim().split("\n").filter(Boolean) : []);
  return {
    file,
    log,
    pids: () => log().flatMap((line) => (line.startsWith("begun ") ? [Number(line.slice(6))] : [])),
  };
}
