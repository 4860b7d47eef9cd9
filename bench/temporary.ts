import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** A folder for the length of a measurement. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const folder = mkdtempSync(path.join(os.tmpdir(), "underlay-bench-"));
  return { path: folder, remove: () => rmSync(folder, { recursive: true }) };
}
