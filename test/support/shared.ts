import { existsSync } from "node:fs";
import path from "node:path";
import { packageRoot } from "../../runner/package-root.ts";

/**
 * Path of something in the folder of reference data that may stand beside the checkout (APIC class metadata, CRD schemas), or
 * undefined when it is absent. A test that needs it must then print a line `skipped: …` and skip.
 */
export function sharedPath(...parts: string[]): string | undefined {
  const found = path.join(packageRoot, "..", "shared", ...parts);
  return existsSync(found) ? found : undefined;
}
