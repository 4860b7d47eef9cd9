import type { Json, JsonObject } from "../../../runner/json.ts";
import { asServed } from "../objects/resource-type.ts";
import { readBody } from "./body.ts";
import { discovery, oneGroup, versionResources } from "./discovery.ts";
import { evict } from "./evict.ts";
import { openapiDocument, openapiIndex } from "./openapi.ts";
import { patch } from "./patch.ts";
import { read } from "./read.ts";
import { remove } from "./remove.ts";
import { type Api, type ApiRequest, findTarget, type Reply, type Target } from "./request.ts";
import { badRequest, failureStatus, noSuchPath, type Outcome, type Refusal, refuse } from "./status.ts";
import { create, objectFor, replace, type Written } from "./write.ts";

/** The answer of a refusal. */
export function refusal({ refusal: reason }: { readonly refusal: Refusal }): Reply {
  return { code: reason.code, body: failureStatus(reason) };
}

/** Answers every request but a watch. */
export async function answer(api: Api, request: ApiRequest): Promise<Reply> {
  const general = describe(api, request);
  if (general !== undefined) return general;
  const target = findTarget(request.path, api.resources());
  if (target === undefined) return refusal(noSuchPath());
  if (target.subresource === "exec") return refusal(badRequest("Upgrade request required"));
  if (request.method === "GET") return reply(read(api, target, request));
  const body = await readBody(request);
  if (!body.ok) return refusal(body);
  // Loaded before the first look at the store, so that nothing waits between reading and writing an object.
  const check = target.resource.schema === undefined ? () => [] : await api.schemaCheck();
  if (request.method === "POST" && target.subresource === "eviction") return reply(evict(api, target, request, body.value), 201);
  if (request.method === "POST" && target.resource.kind === "SelfSubjectAccessReview") return allow(target, body.value);
  if (request.method === "POST" && target.name === undefined) return written(create(api, target, request, body.value, check));
  if (request.method === "PUT" && target.name !== undefined) return written(replace(api, target, request, body.value, check));
  if (request.method === "PATCH" && target.name !== undefined) return written(patch(api, target, request, body.value, check));
  if (request.method === "DELETE") return reply(remove(api, target, request, body.value));
  return refusal(refuse(405, "MethodNotAllowed", "the server does not allow this method on the requested resource"));
}

function reply(outcome: Outcome<JsonObject>, code = 200): Reply {
  return outcome.ok ? { code, body: outcome.value } : refusal(outcome);
}

function written(outcome: Outcome<Written>): Reply {
  if (!outcome.ok) return refusal(outcome);
  const { created, object, warnings } = outcome.value;
  return { code: created ? 201 : 200, body: object, warnings };
}

/** The lab has one user, who may do everything. */
function allow(target: Target, body: Json): Reply {
  const review = objectFor(target, { ...(typeof body === "object" ? body : {}), metadata: { name: "self" } }, undefined);
  if (!review.ok) return refusal(review);
  return {
    code: 201,
    body: { ...asServed(target.resource, review.value), status: { allowed: true, reason: "the lab's only user" } },
  };
}

/** Version, health, discovery and OpenAPI; undefined when an object or collection is meant. */
function describe(api: Api, request: ApiRequest): Reply | undefined {
  const { path } = request;
  if (path === "/version" || path === "/version/") return { code: 200, body: versionInfo(api.version) };
  if (path === "/readyz" || path === "/livez" || path === "/healthz") return { code: 200, body: "ok", contentType: "text/plain" };
  if (path === "/api" || path === "/apis") return discovery(path === "/api" ? "api" : "apis", api.resources(), request.accept);
  if (path === "/openapi/v3") return { code: 200, body: openapiIndex(api.resources(), api.store.version) };
  if (path.startsWith("/openapi/v3/")) return found(openapiDocument(api.resources(), path.slice("/openapi/v3/".length)));
  if (path === "/api/v1") return found(versionResources(api.resources(), "", "v1"));
  const [root, group, version, rest] = path.split("/").slice(1);
  if (root !== "apis" || group === undefined || rest !== undefined) return undefined;
  return found(version === undefined ? oneGroup(api.resources(), group) : versionResources(api.resources(), group, version));
}

function found(body: JsonObject | undefined): Reply {
  return body === undefined ? refusal(noSuchPath()) : { code: 200, body };
}

function versionInfo(gitVersion: string): JsonObject {
  const [major = "", minor = ""] = gitVersion.replace(/^v/, "").split(".");
  return {
    major,
    minor,
    gitVersion,
    gitCommit: "",
    gitTreeState: "clean",
    buildDate: "",
    goVersion: "",
    compiler: "",
    platform: "linux/amd64",
  };
}
