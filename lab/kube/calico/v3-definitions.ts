import { calicoApi } from "./aggregated-api.ts";

/** Native CRDs of `projectcalico.org/v3`, as chart `projectcalico.org.v3` brings them from Calico 3.32 on, as JSON documents. */
export function v3Definitions(): string {
  const documents = calicoApi.resources.map((resource) => ({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${resource.plural}.${resource.group}` },
    spec: {
      group: resource.group,
      scope: "Cluster",
      names: {
        kind: resource.kind,
        listKind: `${resource.kind}List`,
        plural: resource.plural,
        singular: resource.singular,
        shortNames: resource.shortNames,
      },
      versions: [{ name: resource.version, served: true, storage: true, schema: { openAPIV3Schema: resource.schema } }],
    },
  }));
  return documents.map((document) => JSON.stringify(document, null, 1)).join("\n---\n");
}
