import type { Json, JsonObject } from "../../../runner/json.ts";
import { isJsonObject } from "../objects/kube-object.ts";
import { groupVersion, type ResourceType } from "../objects/resource-type.ts";

/** GET /openapi/v3: one document for each group and version. */
export function openapiIndex(resources: readonly ResourceType[], version: number): JsonObject {
  const names = new Set(resources.map((resource) => documentPath(resource)));
  const paths = [...names].map((name) => [name, { serverRelativeURL: `/openapi/v3/${name}?hash=${version}` }]);
  return { paths: Object.fromEntries(paths) };
}

function documentPath(resource: ResourceType): string {
  return `${resource.group === "" ? "api" : "apis"}/${groupVersion(resource)}`;
}

/**
 * GET /openapi/v3/…: what kubectl needs to know of a version: that its kinds take `fieldValidation` and `dryRun`, and the schemas of
 * custom resources. Undefined when the document does not exist.
 */
export function openapiDocument(resources: readonly ResourceType[], name: string): JsonObject | undefined {
  const found = resources.filter((resource) => documentPath(resource) === name);
  if (found.length === 0) return undefined;
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "v1" },
    paths: Object.fromEntries(found.flatMap((resource) => pathsOf(resource, name))),
    components: { schemas: Object.fromEntries(found.map((resource) => [schemaName(resource), schemaOf(resource)])) },
  };
}

function pathsOf(resource: ResourceType, document: string): [string, Json][] {
  const collection = `/${document}/${resource.namespaced ? "namespaces/{namespace}/" : ""}${resource.plural}`;
  const kind = { group: resource.group, version: resource.version, kind: resource.kind };
  const parameters = ["dryRun", "fieldManager", "fieldValidation"].map((name) => ({
    name,
    in: "query",
    schema: { type: "string" },
  }));
  const operation = (action: string): Json => ({
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": kind,
    parameters,
    responses: { "200": { description: "OK" } },
  });
  return [
    [collection, { get: operation("list"), post: operation("post") }],
    [
      `${collection}/{name}`,
      { get: operation("get"), put: operation("put"), patch: operation("patch"), delete: operation("delete") },
    ],
  ];
}

function schemaName(resource: ResourceType): string {
  return `${resource.group === "" ? "core" : resource.group}.${resource.version}.${resource.kind}`;
}

function schemaOf(resource: ResourceType): Json {
  const kind = [{ group: resource.group, version: resource.version, kind: resource.kind }];
  const base = isJsonObject(resource.schema) ? resource.schema : { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return { ...base, "x-kubernetes-group-version-kind": kind };
}
