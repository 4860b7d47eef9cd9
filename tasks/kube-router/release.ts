import type { KubeObject } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import type { Refusal } from "../../runner/task.ts";
import { isBefore, parseVersion, type Version } from "../cni/version.ts";
import { containerOf } from "./pods.ts";

/** Older ones do not set the next hop as this design needs it (white paper; cloudnativelabs/kube-router #1323). */
export const OLDEST = "1.5.1";
/** Dual stack, load balancer addresses and their flags (facts 2.2, 2.6). */
export const DUAL_STACK = "2.0";
/** The one annotation `kube-router.io/peers` (facts 2.3). */
export const PEERS_ANNOTATION = "2.7";

/** Why a release cannot be used, as refusals of the argument `version`. Releases that are not known yet are fine. */
export function refuseRelease(text: string, families: readonly string[]): readonly Refusal[] {
  const argument = ["version"];
  const version = parseVersion(text);
  if (version === undefined) {
    return [{ argument, message: "is not a version", hint: "name the release, such as v2.11.1: what is set depends on it" }];
  }
  if (isBefore(version, OLDEST)) {
    const hint = "white paper, section on kube-router; cloudnativelabs/kube-router issue 1323";
    return [{ argument, message: `must be ${OLDEST} or later`, hint }];
  }
  if (families.includes("ipv6") && isBefore(version, DUAL_STACK)) {
    return [{ argument, message: `must be ${DUAL_STACK} or later for IPv6`, hint: "dual stack is complete since 2.0" }];
  }
  return [];
}

/** What a release that works still lacks. */
export function warnRelease(text: string): readonly string[] {
  const version = parseVersion(text);
  if (version === undefined || !isBefore(version, DUAL_STACK)) return [];
  return [`kube-router ${text} is no longer maintained and allocates no load balancer addresses: use 2.x`];
}

/** The release that a DaemonSet or a pod of kube-router runs, by the tag of its image; undefined for a digest or a tag such as `latest`. */
export function detectedVersion(object: KubeObject): Version | undefined {
  const template = isObject(object.spec) && isObject(object.spec.template) ? object.spec.template.spec : object.spec;
  const image = containerOf(template)?.image;
  const tag = typeof image === "string" ? /:([^:/]+)$/.exec(image.replace(/@.*$/, ""))?.[1] : undefined;
  return tag === undefined ? undefined : parseVersion(tag);
}

/** A release in words, `2.11.1`. */
export function versionText({ major, minor, patch, preRelease }: Version): string {
  return `${major}.${minor}.${patch}${preRelease === undefined ? "" : `-${preRelease}`}`;
}
