import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

function findRoot(from: string): string {
  if (existsSync(path.join(from, "package.json"))) return from;
  return findRoot(path.dirname(from));
}

/** Folder of the package: holds `playbooks/`, `inventory/` and the lab's charts, wherever the code was compiled to. */
export const packageRoot: string = findRoot(path.dirname(fileURLToPath(import.meta.url)));
