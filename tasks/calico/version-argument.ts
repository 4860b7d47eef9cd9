import type { Refusal } from "../../runner/task.ts";
import { isBefore, parseVersion } from "../cni/version.ts";

/** Refuses what is no version: what is written depends on it. */
export function refuseVersion(version: string | undefined): readonly Refusal[] {
  if (version === undefined || parseVersion(version) !== undefined) return [];
  return [{ argument: ["version"], message: "is not a version of Calico", hint: "write it as its releases do: v3.31.7" }];
}

/** Whether Calico has what came with a release. Without a version it is taken to be there. */
export function hasSince(version: string | undefined, release: string): boolean {
  const parsed = version === undefined ? undefined : parseVersion(version);
  return parsed === undefined || !isBefore(parsed, release);
}
