import type { KubeObject } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { parseVersion, type Version } from "../cni/version.ts";

/** What the cluster says about its Calico. */
export interface CalicoEvidence {
  /** `operator.tigera.io/v1` Installation `default`. */
  readonly installation: KubeObject | undefined;
  /** ClusterInformation `default`, written by Calico itself. */
  readonly information: KubeObject | undefined;
  /** Pods with label k8s-app=calico-node. */
  readonly pods: readonly KubeObject[];
}

/** The Calico that is there. */
export interface FoundCalico {
  /** As found, `v3.31.7`; undefined when nothing tells. */
  readonly version: string | undefined;
  /** Namespaces in which calico-node runs: calico-system with the operator, kube-system without. */
  readonly namespaces: readonly string[];
  /** BGP is switched off in the Installation. */
  readonly withoutBgp: boolean;
}

/** Reads the evidence: the operator's word on the version first, then Calico's own, then the image that runs. */
export function foundCalico({ installation, information, pods }: CalicoEvidence): FoundCalico {
  const network = isObject(installation?.spec) ? installation.spec.calicoNetwork : undefined;
  const candidates = [
    isObject(installation?.status) ? installation.status.calicoVersion : undefined,
    isObject(information?.spec) ? information.spec.calicoVersion : undefined,
    ...pods.map(imageTag),
  ];
  return {
    version: candidates.find((text): text is string => typeof text === "string" && parseVersion(text) !== undefined),
    namespaces: [...new Set(pods.flatMap(({ metadata }) => metadata.namespace ?? []))].sort(),
    withoutBgp: isObject(network) && network.bgp === "Disabled",
  };
}

/** `v3.31.7` of `quay.io/calico/node:v3.31.7`; a digest tells nothing. */
function imageTag({ spec }: KubeObject): string | undefined {
  const containers: readonly unknown[] = isObject(spec) && Array.isArray(spec.containers) ? spec.containers : [];
  const node = containers.find((container) => isObject(container) && container.name === "calico-node");
  const image = isObject(node) ? String(node.image).split("@")[0] : undefined;
  return /:([^:/]+)$/.exec(image ?? "")?.[1];
}

/** Whether two versions are of one release line: 3.31.5 and 3.31.7. */
export function isSameLine(one: Version, other: Version): boolean {
  return one.major === other.major && one.minor === other.minor;
}
