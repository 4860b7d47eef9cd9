import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The compiled program beside this file; from sources, the source. */
const MAIN = fileURLToPath(new URL(`./main${path.extname(import.meta.url)}`, import.meta.url));

/** Puts the lab's calicoctl of a version (`v3.27.3`) into a folder, as a program of that name; gives its path. */
export function installCalicoctl(directory: string, version: string): string {
  const program = path.join(directory, "calicoctl");
  const quoted = [process.execPath, MAIN, version].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  writeFileSync(program, `#!/bin/sh\nexec ${quoted.join(" ")} "$@"\n`);
  chmodSync(program, 0o755);
  return program;
}
