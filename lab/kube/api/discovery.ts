import type { Json, JsonObject } from "../../../runner/json.ts";
import { groupVersion, type ResourceType } from "../objects/resource-type.ts";
import type { Reply } from "./request.ts";

const VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/** Aggregated discovery is asked for in Accept, and the answer's content type must repeat the form that was chosen. */
const AGGREGATED = /g=apidiscovery\.k8s\.io;v=(v2(?:beta1)?);as=APIGroupDiscoveryList/;

type Groups = ReadonlyMap<string, ReadonlyMap<string, readonly ResourceType[]>>;

function groupsOf(resources: readonly ResourceType[]): Groups {
  const groups = new Map<string, Map<string, ResourceType[]>>();
  for (const resource of resources) {
    const versions = groups.get(resource.group) ?? new Map<string, ResourceType[]>();
    versions.set(resource.version, [...(versions.get(resource.version) ?? []), resource]);
    groups.set(resource.group, versions);
  }
  return groups;
}

/** GET /api and /apis: which groups, versions and resources there are. */
export function discovery(root: "api" | "apis", resources: readonly ResourceType[], accept: string): Reply {
  const groups = [...groupsOf(resources)].filter(([group]) => (group === "") === (root === "api"));
  const version = AGGREGATED.exec(accept)?.[1];
  if (version !== undefined) {
    const items = groups.map(([group, versions]) => aggregatedGroup(group, versions));
    return {
      code: 200,
      contentType: `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
      body: { kind: "APIGroupDiscoveryList", apiVersion: `apidiscovery.k8s.io/${version}`, metadata: {}, items },
    };
  }
  if (root === "api") return { code: 200, body: { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] } };
  return {
    code: 200,
    body: { kind: "APIGroupList", apiVersion: "v1", groups: groups.map(([group, versions]) => plainGroup(group, versions)) },
  };
}

/** GET /apis/GROUP/VERSION (or /api/v1): the resources of one version; undefined when it is not served. */
export function versionResources(resources: readonly ResourceType[], group: string, version: string): JsonObject | undefined {
  const found = resources.filter((resource) => resource.group === group && resource.version === version);
  if (found.length === 0) return undefined;
  const entries = found.flatMap((resource): Json[] => [
    {
      name: resource.plural,
      singularName: resource.singular,
      namespaced: resource.namespaced,
      kind: resource.kind,
      verbs: VERBS,
      shortNames: resource.shortNames,
    },
    ...resource.subresources.map((name) => ({
      name: `${resource.plural}/${name}`,
      singularName: "",
      namespaced: resource.namespaced,
      ...subresourceKind(resource, name),
      verbs: subresourceVerbs(name),
    })),
  ]);
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion: groupVersion({ group, version }), resources: entries };
}

/** GET /apis/GROUP. */
export function oneGroup(resources: readonly ResourceType[], group: string): JsonObject | undefined {
  const versions = groupsOf(resources).get(group);
  return versions === undefined ? undefined : { kind: "APIGroup", apiVersion: "v1", ...plainGroup(group, versions) };
}

function plainGroup(group: string, versions: ReadonlyMap<string, unknown>): JsonObject {
  const list = [...versions.keys()].map((version) => ({ groupVersion: groupVersion({ group, version }), version }));
  return { name: group, versions: list, preferredVersion: list[0] ?? null };
}

function aggregatedGroup(group: string, versions: ReadonlyMap<string, readonly ResourceType[]>): JsonObject {
  return {
    metadata: group === "" ? { creationTimestamp: null } : { name: group, creationTimestamp: null },
    versions: [...versions].map(([version, resources]) => ({
      version,
      freshness: "Current",
      resources: resources.map(aggregatedResource),
    })),
  };
}

function aggregatedResource(resource: ResourceType): JsonObject {
  const { group, version, kind } = resource;
  return {
    resource: resource.plural,
    responseKind: { group, version, kind },
    scope: resource.namespaced ? "Namespaced" : "Cluster",
    singularResource: resource.singular,
    verbs: VERBS,
    shortNames: resource.shortNames,
    subresources: resource.subresources.map((name) => ({
      subresource: name,
      responseKind: { group, version, ...subresourceKind(resource, name) },
      verbs: subresourceVerbs(name),
    })),
  };
}

/** `kubectl drain` looks for the kind Eviction of policy/v1. */
function subresourceKind(resource: ResourceType, name: string): JsonObject {
  if (name === "exec") return { kind: "PodExecOptions" };
  return name === "eviction" ? { group: "policy", version: "v1", kind: "Eviction" } : { kind: resource.kind };
}

function subresourceVerbs(name: string): readonly string[] {
  if (name === "exec") return ["create", "get"];
  return name === "eviction" ? ["create"] : ["get", "patch", "update"];
}
