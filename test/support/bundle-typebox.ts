import { copyFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { build } from "esbuild";
import { packageRoot } from "../../runner/package-root.ts";

/**
 * Bundles typebox, some 700 small files, into `dist/vendor/`, where `#typebox` of package.json finds it: every start of the command loads it, and opening that
 * many files takes longer than all the rest. Its licence goes with it.
 */
const vendor = path.join(packageRoot, "dist", "vendor");
await build({
  entryPoints: ["typebox", "typebox/value"],
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  absWorkingDir: packageRoot,
  outdir: vendor,
  chunkNames: "typebox/shared",
  logLevel: "warning",
});
const index = createRequire(import.meta.url).resolve("typebox");
await copyFile(path.join(path.dirname(index), "..", "license"), path.join(vendor, "typebox", "license"));
