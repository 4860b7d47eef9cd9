import { randomBytes } from "node:crypto";

/**
 * A name for a new run, `20261123-081502-3f2a`: the moment it started (UTC, so that names sort by time also when clocks are changed) and four
 * digits against two runs in one second.
 */
export function newRunId(at: Date): string {
  const text = at.toISOString();
  const digits = (from: number, to: number) => text.slice(from, to).replaceAll(/\D/g, "");
  return `${digits(0, 10)}-${digits(11, 19)}-${randomBytes(2).toString("hex")}`;
}

/** Whether a folder's name is that of a run. */
export function isRunId(name: string): boolean {
  return /^\d{8}-\d{6}-[0-9a-f]{4}$/.test(name);
}
