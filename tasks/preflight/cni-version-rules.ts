import { isBefore, parseVersion, type Version } from "../cni/version.ts";
import type { ClusterEvidence } from "./cluster-evidence.ts";
import type { ClusterWish } from "./cluster-wish.ts";
import { error, type Finding, warning } from "./finding.ts";

const WORDS = { calico: "Calico", "kube-router": "kube-router", cilium: "Cilium" } as const;

/** Another CNI than the wanted one, or none where one must be. Two at once fight for routes and pod addresses. */
export function whichCni({ cni: { name, install } }: ClusterWish, { running }: ClusterEvidence): readonly Finding[] {
  const others = running.filter((one) => one.name !== name).map((one) => `${one.name}${one.version ? ` ${one.version}` : ""}`);
  const missing = install === "present" && !running.some((one) => one.name === name);
  return [
    ...(others.length > 0
      ? [
          error(
            `the cluster runs ${others.join(" and ")}, the inventory says ${name} (cni.name): one CNI must go before another comes (paper, ${WORDS[name]} routing and BGP configuration)`,
          ),
        ]
      : []),
    ...(missing
      ? [
          error(
            `cni.install is present, and the cluster runs no ${WORDS[name]}: install it first, or leave out cni.install (paper, ${WORDS[name]} routing and BGP configuration)`,
          ),
        ]
      : []),
  ];
}

/** No way back to an older release, one minor at a time with Cilium; a CNI that stays as it is must be the one that is written for. */
export function cniVersion({ cni }: ClusterWish, { running }: ClusterEvidence): readonly Finding[] {
  const found = running.find(({ name }) => name === cni.name);
  if (found === undefined) return [];
  const word = WORDS[cni.name];
  if (found.version === undefined)
    return [warning(`${word} runs and does not tell its version: cni.version ${cni.version} is not compared with it`)];
  const [own, wanted] = [parseVersion(found.version), parseVersion(cni.version)];
  if (own === undefined || wanted === undefined) return [];
  const sameLine = own.major === wanted.major && own.minor === wanted.minor;
  if (cni.install === "present") {
    if (sameLine) return [];
    const message = `the cluster runs ${word} ${found.version}, the inventory says ${cni.version}: what is written depends on the version`;
    return [error(`${message}: set cni.version to ${found.version}`)];
  }
  if (isBefore(wanted, found.version)) {
    const message = `the cluster runs ${word} ${found.version}, newer than cni.version ${cni.version}`;
    return [error(`${message}: going back is not supported: set cni.version to ${found.version} or later`)];
  }
  if (cni.name !== "cilium" || own.major !== wanted.major || wanted.minor - own.minor < 2) return [];
  const next = `${own.major}.${own.minor + 1}`;
  return [warning(`from Cilium ${found.version} to ${cni.version} skips a minor release: go to ${next} first, one at a time`)];
}

/** Releases of Kubernetes that a release line of a CNI is tested with, where that is known (facts cni, section 0). Minor versions of 1.x. */
const TESTED = [
  { cni: "calico", line: "3.32", from: 34, to: 36 },
  { cni: "calico", line: "3.33", from: 35, to: 37 },
  { cni: "cilium", line: "1.20", from: 33, to: 36 },
] as const;

/** Kubernetes outside of what the CNI's makers test. */
export function kubernetesVersion({ cni }: ClusterWish, { nodes }: ClusterEvidence): readonly Finding[] {
  const wanted = parseVersion(cni.version);
  const tested = TESTED.find(({ cni: name, line }) => name === cni.name && wanted !== undefined && line === lineOf(wanted));
  if (tested === undefined) return [];
  const versions = [...new Set(nodes.flatMap(({ kubelet }) => kubelet ?? []))];
  const outside = versions.filter((text) => {
    const version = parseVersion(text);
    return version !== undefined && (version.minor < tested.from || version.minor > tested.to);
  });
  if (outside.length === 0) return [];
  const message = `${WORDS[cni.name]} ${tested.line} is tested with Kubernetes 1.${tested.from} to 1.${tested.to}, the nodes run ${outside.join(" and ")}`;
  return [warning(message)];
}

function lineOf({ major, minor }: Version): string {
  return `${major}.${minor}`;
}
