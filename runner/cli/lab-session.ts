import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { LabEndpoints } from "../../lab/lab.ts";
import type { LabSpec } from "../../lab/spec.ts";
import { isObject } from "../json.ts";

/** A lab that `underlay lab up` keeps running: other commands join it instead of starting their own. */
export interface LabSession {
  readonly pid: number;
  /** When it started, ISO 8601. */
  readonly since: string;
  /** Of the spec it was built from. */
  readonly fingerprint: string;
  readonly endpoints: LabEndpoints;
}

const FILE = "running.json";

/** Identifies what a lab was built from, without holding any of it. */
export function fingerprintOf(spec: LabSpec): string {
  return createHash("sha256").update(JSON.stringify(spec)).digest("hex").slice(0, 16);
}

/** The lab running in this directory; undefined when there is none (a file left by a killed one is removed). */
export function runningLab(directory: string): LabSession | undefined {
  const file = path.join(directory, FILE);
  if (!existsSync(file)) return undefined;
  const session: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (isSession(session) && isAlive(session.pid)) return session;
  rmSync(file, { force: true });
  return undefined;
}

/** Says that a lab runs here. */
export function announceLab(directory: string, session: LabSession): void {
  writeFileSync(path.join(directory, FILE), `${JSON.stringify(session, null, 2)}\n`, { mode: 0o600 });
}

/** Takes the announcement back. */
export function withdrawLab(directory: string): void {
  rmSync(path.join(directory, FILE), { force: true });
}

function isSession(value: unknown): value is LabSession {
  return isObject(value) && typeof value.pid === "number" && typeof value.fingerprint === "string" && isObject(value.endpoints);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
