import { Type } from "#typebox";
import type { JsonObject } from "../../runner/json.ts";
import { declareTask } from "../../runner/task-type.ts";
import { State } from "../k8s/state.ts";

/** A helm release with exactly this chart, version and these values. */
export const release = declareTask({
  name: "helm.release",
  summary: "A helm release: chart, version and values",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      name: Type.String({ pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", maxLength: 53, description: "Name of the release" }),
      namespace: Type.String({ minLength: 1, maxLength: 63 }),
      create_namespace: Type.Boolean({ default: false, description: "Make the namespace when it is not there" }),
      chart: Type.String({ minLength: 1, description: "Name in the repository, an oci:// reference, or a path" }),
      repository: Type.Optional(
        Type.String({ minLength: 1, description: "Address of the chart repository, when chart is a name" }),
      ),
      version: Type.String({ minLength: 1, description: "Exact chart version" }),
      values: Type.Unsafe<JsonObject>({ type: "object", default: {}, description: "All values that differ from the chart's" }),
      brings: Type.Array(Type.String({ pattern: "^[a-z0-9]+\\.[a-z0-9.-]+$" }), {
        default: [],
        description: "Resources that come with the release, by full name: bgppeers.projectcalico.org. Check mode needs to know",
      }),
      timeout: Type.Integer({
        minimum: 1,
        maximum: 3600,
        default: 300,
        description: "Seconds until its workloads are up, and until the kinds and namespaces that later tasks need are there",
      }),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "Changed only when the release is not deployed, or chart, version or user-supplied values differ. Needs helm 3.13 or later.",
    "Values are the whole truth: what an earlier release had and this task does not name goes back to the chart's default.",
    "A release left in a pending state by an interrupted helm is a failure that says how to undo it.",
    "`brings` is what check mode reports as unknown while the release is only planned, and what later tasks wait for.",
    "helm never upgrades CRDs in a chart's crds folder: an upgrade that needs new CRDs applies them with k8s.manifest first.",
  ],
  example: `- name: Tigera operator
  helm.release:
    name: calico
    namespace: tigera-operator
    create_namespace: true
    repository: https://docs.tigera.io/calico/charts
    chart: tigera-operator
    version: v3.31.7
    brings: [installations.operator.tigera.io, bgppeers.projectcalico.org]`,
  desired: ({ args }) => [
    {
      kind: "release",
      state: args.state,
      name: args.name,
      namespace: args.namespace,
      createNamespace: args.create_namespace,
      chart: args.chart,
      ...(args.repository === undefined ? {} : { repository: args.repository }),
      version: args.version,
      values: args.values,
      brings: args.brings,
      timeoutSeconds: args.timeout,
    },
  ],
});
