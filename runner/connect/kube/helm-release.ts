import { isObject, type JsonObject } from "../../json.ts";
import { failed, ok, type Result } from "../../result.ts";
import { Secret } from "../../secret.ts";
import type { HelmRelease } from "../cluster.ts";
import { toJson } from "./compare-objects.ts";
import { parseJson } from "./kube-output.ts";
import { type Programs, READ_RETRIES } from "./programs.ts";

/** A release as helm has it. */
export interface FoundRelease {
  /** `deployed`, `failed`, `pending-upgrade` … */
  readonly status: string;
  readonly chart: string;
  readonly version: string;
  /** The values that a user supplied, without the chart's defaults. */
  readonly values: JsonObject;
}

/** helm is given this much longer than its own time limit before it is ended. */
const GRACE_SECONDS = 60;
const READ_SECONDS = 60;

/** Reads a release; undefined when there is none. Needs helm 3.13 or later (`helm get metadata`). */
export async function readRelease(
  programs: Programs,
  name: string,
  namespace: string,
): Promise<Result<FoundRelease | undefined>> {
  const args = ["get", "metadata", name, "--namespace", namespace, "--output", "json"];
  const metadata = await programs.helm({
    arguments: args,
    retries: READ_RETRIES,
    timeoutSeconds: READ_SECONDS,
    accept: ({ stderr }) => stderr.includes("release: not found"),
  });
  if (!metadata.ok) return metadata;
  if (metadata.value.exitCode !== 0) return ok(undefined);
  const values = await programs.helm({
    arguments: ["get", "values", name, "--namespace", namespace, "--output", "json"],
    retries: READ_RETRIES,
    timeoutSeconds: READ_SECONDS,
  });
  if (!values.ok) return values;
  const found = parseJson(metadata.value.stdout);
  const supplied = toJson(parseJson(values.value.stdout));
  if (!isObject(found) || typeof found.status !== "string" || typeof found.chart !== "string") {
    return failed({
      kind: "failed",
      doing: `helm ${args.join(" ")}`,
      message: "the output does not describe a release",
      next: "check that cluster.helm is helm 3.13 or later",
    });
  }
  return ok({
    status: found.status,
    chart: found.chart,
    version: String(found.version),
    values: isJsonObject(supplied) ? supplied : {},
  });
}

/**
 * Installs or upgrades a release and waits for its workloads. Values go to standard input, because they may hold secrets; former
 * values are never reused, so that what the task says is all there is.
 */
export async function installRelease(programs: Programs, release: HelmRelease): Promise<Result<void>> {
  const { name, namespace, chart, repository, version, createNamespace, timeoutSeconds } = release;
  const installed = await programs.helm({
    arguments: [
      ...["upgrade", name, chart, "--install", "--version", version, "--namespace", namespace],
      ...(repository === undefined ? [] : ["--repo", repository]),
      ...(createNamespace ? ["--create-namespace"] : []),
      "--reset-values",
      ...(release.wait === false ? [] : ["--wait"]),
      ...["--timeout", `${timeoutSeconds}s`, "--values", "-"],
    ],
    input: JSON.stringify(revealed(release.values)),
    retries: 0,
    timeoutSeconds: timeoutSeconds + GRACE_SECONDS,
  });
  return installed.ok ? ok(undefined) : installed;
}

/** Uninstalls a release and waits until its objects are gone. */
export async function uninstallRelease(programs: Programs, name: string, namespace: string): Promise<Result<void>> {
  const uninstalled = await programs.helm({
    arguments: ["uninstall", name, "--namespace", namespace, "--wait"],
    retries: 0,
    timeoutSeconds: READ_SECONDS * 6,
    accept: ({ stderr }) => stderr.includes("release: not found"),
  });
  return uninstalled.ok ? ok(undefined) : uninstalled;
}

/** Values with their secrets in clear: for helm's standard input and for comparing, never for showing. */
export function revealed(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(revealed);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, revealed(field)]));
}

function isJsonObject(value: unknown): value is JsonObject {
  return isObject(value);
}
