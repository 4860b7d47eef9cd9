import type { Json } from "../../../runner/json.ts";
import type { ResourceType } from "../objects/resource-type.ts";
import type { ObjectStore } from "../objects/store.ts";
import type { SchemaCheck } from "../schema/validate.ts";

/** What every request handler works on. */
export interface Api {
  readonly store: ObjectStore;
  /** Everything served now: built-in kinds, custom resources, aggregated APIs. */
  readonly resources: () => readonly ResourceType[];
  readonly schemaCheck: () => Promise<SchemaCheck>;
  /** Whether a node's kubelet runs: it confirms the end of pods and starts programs in them. */
  readonly kubeletRuns: (node: string) => boolean;
  /** `v1.35.2`. */
  readonly version: string;
}

/** A request, read. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly accept: string;
  /** Without parameters. */
  readonly contentType: string;
  readonly userAgent: string;
  readonly body: Buffer;
}

/** An answer to send. Text is sent as it is. */
export interface Reply {
  readonly code: number;
  readonly body: Json;
  readonly contentType?: string;
  /** Sent as `Warning: 299` headers; kubectl prints them. */
  readonly warnings?: readonly string[];
}

/** What a request path below `/api` or `/apis` names. */
export interface Target {
  readonly resource: ResourceType;
  readonly namespace: string | undefined;
  /** Undefined: the whole collection. */
  readonly name: string | undefined;
  /** Empty: the object itself. */
  readonly subresource: string;
}

/** Splits `/apis/apps/v1/namespaces/x/daemonsets/y/status`; undefined when nothing served is meant. */
export function findTarget(path: string, resources: readonly ResourceType[]): Target | undefined {
  const steps = path.split("/").slice(1).map(decodeURIComponent);
  const [group = "", version, ...rest] = steps[0] === "api" ? ["", ...steps.slice(1)] : steps.slice(1);
  const served = (plural: string | undefined) =>
    resources.find((resource) => resource.group === group && resource.version === version && resource.plural === plural);
  const [first, namespace, plural, name, subresource = ""] = rest;
  const inside = first === "namespaces" ? served(plural) : undefined;
  if (inside?.namespaced === true) return { resource: inside, namespace, name, subresource };
  const resource = served(first);
  if (resource === undefined || rest.length > 3) return undefined;
  return { resource, namespace: undefined, name: rest[1], subresource: rest[2] ?? "" };
}

/** Who writes, for managed fields: the parameter, else the program's name, as the API server does it. */
export function managerName(request: ApiRequest): string {
  return request.query.get("fieldManager") ?? request.userAgent.split("/")[0] ?? "unknown";
}

/** `dryRun=All`: everything is done but the storing. */
export function isDryRun(request: ApiRequest): boolean {
  return request.query.getAll("dryRun").includes("All");
}
