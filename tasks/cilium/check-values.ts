import { isObject, type JsonObject } from "../../runner/json.ts";
import { hintFor } from "../../runner/nearest.ts";
import type { Refusal } from "../../runner/task.ts";
import { isBefore, type Version } from "../cni/version.ts";
import { KEY_VERSIONS, KEYS_BY_PRESENCE } from "./chart-keys.ts";
import { lineOf } from "./release-line.ts";
import { replacementOf } from "./renamed-values.ts";

/** Keys that the chart reads though its default values only have them as comments. */
const COMMENTED_OUT: readonly string[] = [
  "kubeProxyReplacement",
  "loadBalancer.algorithm",
  "loadBalancer.mode",
  "loadBalancer.acceleration",
  "loadBalancer.dsrDispatch",
  "loadBalancer.serviceTopology",
  "socketLB.hostNamespaceOnly",
  "nodePort.range",
  "nodePort.directRoutingDevice",
  "hubble.eventBufferCapacity",
  "hubble.eventQueueSize",
  "ipMasqAgent.config",
  "l2announcements.leaseDuration",
  "l2announcements.leaseRenewDeadline",
  "l2announcements.leaseRetryPeriod",
];

/** Texts for `kubeProxyReplacement` of the releases up to 1.15. */
const OLD_REPLACEMENTS = new Set<unknown>(["strict", "partial", "probe", "disabled"]);

const known = new Map<string, ReadonlySet<string>>();

/** The leaf keys of the chart of a release; of one that is newer than all known, those of the newest. */
export function chartKeys(version: Version): ReadonlySet<string> {
  const column = KEY_VERSIONS.includes(lineOf(version)) ? KEY_VERSIONS.indexOf(lineOf(version)) : KEY_VERSIONS.length - 1;
  const line = KEY_VERSIONS[column] ?? "";
  const before = known.get(line);
  if (before !== undefined) return before;
  const keys = Object.entries(KEYS_BY_PRESENCE).flatMap(([presence, text]) =>
    presence[column] === "x" ? text.split(";").flatMap(keysIn) : [],
  );
  const made = new Set([...keys, ...COMMENTED_OUT]);
  known.set(line, made);
  return made;
}

function keysIn(entry: string): readonly string[] {
  const [map = "*", ...keys] = entry.trim().split(/\s+/);
  return map === "*" ? keys : keys.map((key) => `${map}.${key}`);
}

/**
 * Values that the chart of this release would ignore without a word (its values.schema.json forbids no key), each with what does its
 * work now or the nearest name. Below a leaf of the default values anything may stand: it is a map or a list of the user's own.
 */
export function ignoredValues(values: JsonObject, version: Version): readonly string[] {
  const keys = chartKeys(version);
  const chart = `the chart of Cilium ${lineOf(version)}`;
  return strangers(values, keys, []).map((path) => {
    const key = path.join(".");
    const now = replacementOf(key, version);
    if (now !== undefined) return `values.${key}: ${chart} ignores it; in its place: ${now}`;
    const siblings = namesIn(keys, path.slice(0, -1));
    const hint = hintFor(path.at(-1) ?? "", siblings) ?? hintFor(key, keys);
    return `values.${key}: ${chart} has no such key and probably ignores it${hint === undefined ? "" : `; ${hint}`}`;
  });
}

function strangers(values: JsonObject, keys: ReadonlySet<string>, above: readonly string[]): readonly (readonly string[])[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const path = [...above, name];
    const key = path.join(".");
    if (keys.has(key)) return [];
    const isMap = [...keys].some((other) => other.startsWith(`${key}.`));
    if (!isMap) return [path];
    return isJsonObject(value) ? strangers(value, keys, path) : [];
  });
}

function namesIn(keys: ReadonlySet<string>, map: readonly string[]): ReadonlySet<string> {
  const start = map.map((part) => `${part}.`).join("");
  return new Set([...keys].filter((key) => key.startsWith(start)).map((key) => key.slice(start.length).split(".")[0] ?? ""));
}

/**
 * Values with which the templates of the chart fail, or with which Cilium does not start (facts: Cilium section 3.1).
 *
 * @param user what the user gave
 * @param merged with the values of the design below it
 */
export function refusedValues(user: JsonObject, merged: JsonObject, version: Version): readonly Refusal[] {
  const line = lineOf(version);
  const refusals: Refusal[] = [];
  const refuse = (path: readonly string[], message: string, hint: string) =>
    refusals.push({ argument: ["values", ...path], message, hint });

  if (at(user, "tunnel") !== undefined && !isBefore(version, "1.15")) {
    refuse(["tunnel"], `was removed in Cilium 1.15: the chart of ${line} fails with it`, "leave it out: routingMode is native");
  }
  const replacement = at(user, "kubeProxyReplacement");
  if (OLD_REPLACEMENTS.has(replacement) && !isBefore(version, "1.16")) {
    refuse(
      ["kubeProxyReplacement"],
      `is true or false: the chart of ${line} fails with the older words`,
      "leave it out, or true",
    );
  }
  if ((replacement === true || replacement === "true") && isBefore(version, "1.14")) {
    refuse(["kubeProxyReplacement"], "is strict, partial or disabled before Cilium 1.14", "leave it out, or strict");
  }
  if (at(user, "bgp", "enabled") === true && at(merged, "bgpControlPlane", "enabled") === true && isBefore(version, "1.17")) {
    refuse(["bgp", "enabled"], "is MetalLB's BGP, which cannot run beside bgpControlPlane", "leave bgp out");
  }
  const isUi = at(merged, "hubble", "ui", "enabled") === true && at(merged, "hubble", "ui", "standalone", "enabled") !== true;
  if (isUi && at(merged, "hubble", "relay", "enabled") !== true) {
    const message = "asks for Hubble's UI without its relay: the chart fails";
    const isOwn = at(user, "hubble", "ui", "enabled") === true;
    const argument = isOwn ? ["values", "hubble", "ui"] : ["hubble", "ui"];
    refusals.push({ argument, message, hint: "hubble: { relay: true, ui: true }" });
  }
  return refusals;
}

/** The value at a path of maps. */
export function at(values: JsonObject, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((value, part) => (isObject(value) ? value[part] : undefined), values);
}

/** Narrows a value of the chart: what a YAML file holds is JSON all the way down. */
export function isJsonObject(value: JsonObject[string] | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
