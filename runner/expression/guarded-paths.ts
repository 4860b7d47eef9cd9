import { follow, type Path } from "./paths.ts";

/** What may stand after a path that need not lead anywhere. */
const GUARD = /^\s*(?:\|\s*(?:default|d)\b|is\s+(?:not\s+)?(?:un)?defined\b)/;

/**
 * Ansible lets `default` and `is defined` guard a whole path: `a.b.c | default(1)` also when `a` or `a.b` is missing. The engine allows only the last
 * step to be missing, so what stands after the first missing one is blanked out. Positions stay as they are.
 *
 * @param value the value of a top-level name
 * @param index the value of what stands between brackets
 */
export function withGuardedPaths(
  text: string,
  paths: readonly Path[],
  value: (name: string) => unknown,
  index: (text: string) => unknown,
): string {
  let guarded = text;
  for (const path of paths) {
    if (path.steps.length === 0 || !GUARD.test(text.slice(path.end))) continue;
    const { missing } = follow(path, value(path.name), index);
    if (missing === undefined || missing === path.steps.length - 1) continue;
    const from = path.steps[missing]?.end ?? path.start + path.name.length;
    guarded = guarded.slice(0, from) + text.slice(from, path.end).replace(/[^\n]/g, " ") + guarded.slice(path.end);
  }
  return guarded;
}
