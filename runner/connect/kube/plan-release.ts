import type { Change } from "../../change.ts";
import { isObject, type Json } from "../../json.ts";
import { failed, ok, type Result } from "../../result.ts";
import { MASK, mask, Secret } from "../../secret.ts";
import type { HelmRelease } from "../cluster.ts";
import { differenceOf, toJson } from "./compare-objects.ts";
import { type FoundRelease, revealed } from "./helm-release.ts";

/**
 * Compares a release with what helm has: changed when it is not deployed, or chart, version or values differ. Values are compared with
 * those a user supplied, not with the chart's defaults. Fails when helm could not act on the release either.
 */
export function planRelease(
  release: HelmRelease,
  found: FoundRelease | undefined,
  secrets: Iterable<Secret>,
): Result<Change | undefined> {
  const target = `helm release ${release.namespace}/${release.name}`;
  const there = found !== undefined && found.status !== "uninstalled" ? found : undefined;
  if (there !== undefined && /^(pending-|uninstalling)/.test(there.status)) return interrupted(release, target, there.status);
  if (release.state === "absent") {
    if (there === undefined) return ok(undefined);
    return ok({ target, action: "delete", before: { chart: there.chart, version: there.version }, after: null });
  }
  const chart = chartName(release.chart);
  const veil = (value: Json) => veiled(value, { values: release.values }, secrets);
  if (there === undefined) {
    const after = { chart: chart ?? release.chart, version: release.version, values: toJson(release.values) };
    return ok({ target, action: "create", before: null, after: veil(after) });
  }
  const difference = differenceOf(
    { status: there.status, chart: there.chart, version: bare(there.version), values: there.values },
    {
      status: "deployed",
      chart: chart ?? there.chart,
      version: bare(release.version),
      values: revealed(release.values),
    },
  );
  if (difference === undefined) return ok(undefined);
  return ok({ target, action: "modify", before: veil(difference.before), after: veil(difference.after) });
}

/** The chart's own name; undefined for a path, where only the chart itself says it. */
function chartName(chart: string): string | undefined {
  if (chart.startsWith("oci://")) return chart.split("/").at(-1);
  return chart.includes("/") || chart.endsWith(".tgz") ? undefined : chart;
}

/** helm takes `3.31.7` for a chart whose version is `v3.31.7`. */
function bare(version: string): string {
  return version.replace(/^v/, "");
}

/** Names under which charts keep secrets. A former value of one is not known to us as a secret, but helm has it. */
const SENSITIVE = /password|passphrase|secret|token|private.?key/i;

/** Masks what a task gave as a secret, at its place, and every known secret wherever else it stands. */
function veiled(value: Json, wanted: unknown, secrets: Iterable<Secret>): Json {
  if (value === null) return null;
  if (wanted instanceof Secret) return MASK;
  if (typeof value === "string") return mask(value, secrets);
  if (Array.isArray(value)) {
    const items = Array.isArray(wanted) ? wanted : [];
    return value.map((item: Json, index) => veiled(item, items[index], secrets));
  }
  if (!isObject(value)) return value;
  const fields = isObject(wanted) ? wanted : {};
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => {
      const telling = typeof field === "string" && SENSITIVE.test(name);
      return [name, telling ? MASK : veiled(toJson(field), fields[name], secrets)];
    }),
  );
}

function interrupted(release: HelmRelease, target: string, status: string): Result<never> {
  const place = `${release.name} --namespace ${release.namespace}`;
  const undo = status === "pending-install" || status === "uninstalling" ? `helm uninstall ${place}` : `helm rollback ${place}`;
  return failed({
    kind: "failed",
    doing: `read ${target}`,
    message: `the release is in state ${status}`,
    meaning: "another helm is at work on it, or one was interrupted",
    next: `wait for the other helm; if there is none, undo what it left with: ${undo}; then run again`,
  });
}
