import { errorAt } from "../diagnostic.ts";
import type { InventoryRule } from "./inventory-rule.ts";
import { speakerOf } from "./inventory-wide.ts";

const WORDS = { openshift: "OpenShift", tanzu: "Tanzu" } as const;

/** The paper has OpenShift and Tanzu with Calico only; their installers bring other CNIs in ways of their own. */
const untestedDistribution: InventoryRule = (hosts) => {
  const speaker = speakerOf(hosts, "cluster");
  const distribution = speaker?.known.cluster?.distribution;
  const cni = speakerOf(hosts, "cni")?.known.cni?.name;
  if (speaker === undefined || distribution === undefined || distribution === "upstream") return [];
  if (cni === undefined || cni === "calico") return [];
  const message = `cluster.distribution ${distribution} with ${cni}: ${WORDS[distribution]} is tested with Calico only (paper, Tested Kubernetes distributions)`;
  return [errorAt(speaker.place("cluster", "distribution"), "untested-distribution", message, "cni.name: calico")];
};

/** Rules about distributions of Kubernetes. */
export const distributionRules: readonly InventoryRule[] = [untestedDistribution];
