import { Type } from "#typebox";
import { declareTask } from "../../runner/task-type.ts";
import { hasSince, refuseVersion } from "./version-argument.ts";

/** The chart of each way to serve `projectcalico.org/v3`. */
const CHARTS = { aggregated: "crd.projectcalico.org.v1", native: "projectcalico.org.v3" } as const;

/** A CRD that only one of the charts has: which of them is in use already. */
const TELLING = { aggregated: "bgppeers.crd.projectcalico.org", native: "bgppeers.projectcalico.org" } as const;

/** Calico's kinds, from 3.32 on a chart of their own that goes in before the operator's (facts: Calico, section 1.1). */
export const crds = declareTask({
  name: "calico.crds",
  summary: "Calico's kinds, before its operator",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      version: Type.String({ minLength: 1, description: "Calico's version; before 3.32 there is nothing to do" }),
      repository: Type.String({ minLength: 1, description: "Address of the chart repository" }),
      api: Type.Enum(["aggregated", "native"], {
        default: "aggregated",
        description:
          "Who serves projectcalico.org/v3: Calico's own API server (chart crd.projectcalico.org.v1), or Kubernetes (chart projectcalico.org.v3, Kubernetes 1.34 or later)",
      }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "Before 3.32 the kinds come with the operator's chart: nothing is wanted then.",
    "Rendered with `helm template` and applied server-side: there is no release of it, because helm would never upgrade the kinds.",
    "A cluster has one of the two sets of kinds: one that is there already is kept, whatever `api` says.",
    "Nothing is ever deleted: with the kinds all of their objects would go.",
    "Tried with recorded output in place of the charts, not with those of Calico 3.32.",
  ],
  example: `- name: Calico's kinds
  calico.crds:
    version: v3.32.1
    repository: https://docs.tigera.io/calico/charts`,
  refuse: ({ version }) => refuseVersion(version),
  desired: ({ args }) => {
    const { version, repository, api } = args;
    if (!hasSince(version, "3.32")) return [];
    const other = api === "native" ? "aggregated" : "native";
    return [
      {
        kind: "rendered",
        name: "calico-crds",
        chart: CHARTS[api],
        repository,
        version,
        instead: {
          when: { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", name: TELLING[other] },
          chart: CHARTS[other],
        },
      },
    ];
  },
});
