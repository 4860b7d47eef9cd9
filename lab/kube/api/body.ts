import type { Json } from "../../../runner/json.ts";
import { decodeProtobuf } from "./protobuf.ts";
import type { ApiRequest } from "./request.ts";
import { accept, badRequest, type Outcome, refuse } from "./status.ts";

const UNSUPPORTED =
  "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml";

/** Reads a request's body: JSON, YAML or protobuf. An empty body is `null`. */
export async function readBody(request: ApiRequest): Promise<Outcome<Json>> {
  if (request.body.length === 0) return accept(null);
  if (request.contentType === "application/vnd.kubernetes.protobuf") {
    const object = decodeProtobuf(request.body);
    return object === undefined ? refuse(415, "UnsupportedMediaType", UNSUPPORTED) : accept(object);
  }
  const text = request.body.toString("utf8");
  try {
    const value: Json = JSON.parse(text);
    return accept(value);
  } catch {
    // kubectl sends JSON even where it says YAML; other clients do not.
    return request.contentType.includes("yaml") ? readYaml(text) : badRequest("the request body is not JSON");
  }
}

async function readYaml(text: string): Promise<Outcome<Json>> {
  const { parseDocument } = await import("yaml");
  const document = parseDocument(text);
  if (document.errors.length > 0) return badRequest("the request body is not YAML");
  const value: Json = document.toJS();
  return accept(value);
}
