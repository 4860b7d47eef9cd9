import type { NodeReader } from "../../runner/connect/node.ts";
import { BACKUP_SUFFIX } from "../../runner/connect/node-commands.ts";
import type { FoundFile } from "../../runner/connect/node-file.ts";
import { ok, type Result } from "../../runner/result.ts";
import { OUR_FILE } from "./netplan-file.ts";

/** Copies of netplan files that node.network replaced or removed, by the path of the original. A copy of our own file is none: somebody edited it. */
export async function readBackups(
  reader: NodeReader,
  places: readonly string[],
): Promise<Result<ReadonlyMap<string, FoundFile>>> {
  const originals = places
    .filter((path) => path.startsWith("/etc/netplan/") && path.endsWith(BACKUP_SUFFIX))
    .map((path) => path.slice(0, -BACKUP_SUFFIX.length))
    .filter((path) => path.endsWith(".yaml") && path !== OUR_FILE)
    .sort();
  const read = await Promise.all(originals.map(async (path) => ({ path, file: await reader.file(`${path}${BACKUP_SUFFIX}`) })));
  const backups = new Map<string, FoundFile>();
  for (const { path, file } of read) {
    if (!file.ok) return file;
    if (file.value !== undefined) backups.set(path, file.value);
  }
  return ok(backups);
}
