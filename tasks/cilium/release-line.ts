import { Type } from "#typebox";
import type { Refusal } from "../../runner/task.ts";
import { isBefore, parseVersion, type Version } from "../cni/version.ts";
import { KEY_VERSIONS } from "./chart-keys.ts";

/** The first release with a BGP control plane of its own that the paper uses; what came before is MetalLB's. */
const OLDEST = "1.13";
/** The first release that reads `authSecretRef`: TCP MD5. */
const FIRST_WITH_PASSWORD = "1.15";

/** Argument `version` of Cilium's task types. */
export const CiliumVersion = Type.String({
  minLength: 1,
  description: "Version of Cilium, 1.13 or later; decides which names and kinds are used",
});

/** Which objects tell Cilium about BGP: CiliumBGPPeeringPolicy, or CiliumBGPClusterConfig and its kin at one of two API versions. */
export type BgpApi = "policy" | "v2alpha1" | "v2";

/**
 * The objects to write for a release (facts: Cilium section 3.2). 1.15 has the newer kinds only as groundwork; 1.18 is the last that
 * serves the policy and the first with v2.
 */
export function bgpApiOf(version: Version): BgpApi {
  if (isBefore(version, "1.16")) return "policy";
  return isBefore(version, "1.18") ? "v2alpha1" : "v2";
}

/** Reads the argument `version` of a task that was not refused. Throws for what `refuseVersion` refuses. */
export function checkedVersion(text: string): Version {
  const version = parseVersion(text);
  if (version === undefined) throw new Error(`not a version of Cilium: ${text}`);
  return version;
}

/** `1.17`, as in the names of Cilium's release lines. */
export function lineOf({ major, minor }: Version): string {
  return `${major}.${minor}`;
}

/** Versions that nothing here is made for. */
export function refuseVersion(text: string): readonly Refusal[] {
  const argument = ["version"];
  const version = parseVersion(text);
  if (version === undefined) return [{ argument, message: `is not a version: ${text}`, hint: "example: 1.19.6" }];
  if (!isBefore(version, OLDEST)) return [];
  return [
    { argument, message: `is ${text}: Cilium before ${OLDEST} has no usable BGP control plane`, hint: "use 1.15 or later" },
  ];
}

/** Why a release cannot have a BGP password, if so (facts: Cilium section 3.2). `argument` is what asks for one. */
export function refusePassword(text: string, argument: readonly string[]): readonly Refusal[] {
  const version = parseVersion(text);
  if (version === undefined || !isBefore(version, FIRST_WITH_PASSWORD)) return [];
  const message = `asks for a BGP password, which Cilium ${text} cannot do: it came with ${FIRST_WITH_PASSWORD}`;
  return [{ argument, message, hint: "use 1.15 or later, or no password here and none on the fabric (aci.bgp_peer)" }];
}

/** What is known about single releases, and what is not known about newer ones. */
export function versionWarnings(text: string): readonly string[] {
  const version = parseVersion(text);
  if (version === undefined) return [];
  const newest = KEY_VERSIONS.at(-1) ?? OLDEST;
  const line = lineOf(version);
  const isUnknown = !isBefore(version, newest) && line !== newest;
  return [
    ...(line === "1.17" && (version.patch === 4 || version.patch === 5)
      ? [`Cilium ${text} cannot set TCP MD5 passwords (cilium/cilium #40478): use another release of 1.17`]
      : []),
    ...(isUnknown ? [`Cilium ${text} is newer than what is known here: treated as ${newest}`] : []),
  ];
}
