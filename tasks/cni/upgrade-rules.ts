import type { CniName } from "./daemon.ts";
import { isBefore, parseVersion, type Version } from "./version.ts";

const WORDS = { calico: "Calico", "kube-router": "kube-router", cilium: "Cilium" } as const;

/** What is to be done of a list of releases, and what speaks against it. */
export interface UpgradePath {
  /** Releases that are still to come, as they are written in the list. */
  readonly remaining: readonly string[];
  /** Each one stops the upgrade before anything is touched. */
  readonly wrong: readonly string[];
  readonly doubtful: readonly string[];
}

/**
 * Judges the way from what is installed over these releases, in order. Those that are installed already, or older, are behind it: a re-run goes
 * on where the cluster is. Cilium goes one minor release at a time (facts cni.md 3.1); of the others nothing is known to forbid a jump.
 *
 * @param installed undefined: the CNI does not tell
 */
export function upgradePath(cni: CniName, installed: string | undefined, releases: readonly string[]): UpgradePath {
  const word = WORDS[cni];
  const wrong: string[] = [];
  const doubtful: string[] = [];
  const remaining: string[] = [];
  let at = installed === undefined ? undefined : { text: installed, version: parseVersion(installed) };
  if (at?.version === undefined) {
    wrong.push(
      `${word} does not tell which release it is (${installed ?? "no tag at its image"}): the way from there cannot be judged`,
    );
    return { remaining, wrong, doubtful };
  }
  let last: Version | undefined;
  for (const text of releases) {
    const version = parseVersion(text);
    if (version === undefined) {
      wrong.push(`${text} is not a release of ${word}: write it as in cni.version`);
      continue;
    }
    if (last !== undefined && !isBefore(last, numbers(version)))
      wrong.push(`${text} comes after a newer one, or twice: put the releases in order`);
    last = version;
    const from: Version | undefined = at.version;
    if (from === undefined || !isBefore(from, numbers(version))) continue;
    remaining.push(text);
    wrong.push(...knownBad(cni, version, text));
    const skipped = skips(from, version);
    const message = `from ${word} ${at.text} to ${text} skips ${skipped}`;
    if (skipped !== undefined && cni === "cilium")
      wrong.push(`${message}: Cilium is upgraded one minor release at a time; put one of it between`);
    else if (skipped !== undefined)
      doubtful.push(`${message}: ${word} names no limit, but tests mostly from one minor release to the next`);
    at = { text, version };
  }
  return { remaining, wrong, doubtful };
}

/** What is left out between two releases, in words; undefined: nothing. */
function skips(from: Version, to: Version): string | undefined {
  if (from.major !== to.major) return to.minor > 0 ? `${to.major}.0 and others` : undefined;
  const count = to.minor - from.minor - 1;
  if (count <= 0) return undefined;
  return count === 1 ? `${from.major}.${from.minor + 1}` : `${from.major}.${from.minor + 1} to ${to.major}.${to.minor - 1}`;
}

/** Releases with which the sessions of this design do not come up (facts cni.md 2.1, 3.1, 3.5). */
function knownBad(cni: CniName, version: Version, text: string): readonly string[] {
  const { major, minor, patch } = version;
  if (cni === "cilium" && major === 1 && minor === 17 && (patch === 4 || patch === 5)) {
    return [`Cilium ${text} cannot set TCP MD5 passwords (cilium/cilium #40478): take another release of 1.17`];
  }
  if (cni === "cilium" && isBefore(version, "1.15")) return [`Cilium ${text} has no BGP passwords: they came with 1.15`];
  if (cni === "kube-router" && isBefore(version, "1.5.1")) {
    return [`kube-router ${text} is too old for this design (cloudnativelabs/kube-router #1323): 1.5.1 or later`];
  }
  return [];
}

function numbers({ major, minor, patch, preRelease }: Version): string {
  return `${major}.${minor}.${patch}${preRelease === undefined ? "" : `-${preRelease}`}`;
}
