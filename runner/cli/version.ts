import { readFileSync } from "node:fs";
import path from "node:path";
import { isObject } from "../json.ts";
import { packageRoot } from "../package-root.ts";

/** The version of the package. */
export function version(): string {
  const about: unknown = JSON.parse(readFileSync(path.join(packageRoot, "package.json"), "utf8"));
  return isObject(about) && typeof about.version === "string" ? about.version : "0";
}
