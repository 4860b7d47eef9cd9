import type { Json, JsonObject } from "../../../runner/json.ts";
import { MESSAGES, type MessageType } from "./protobuf-messages.ts";

/** Every Kubernetes protobuf body starts with these four bytes, then a `runtime.Unknown` message. */
const MAGIC = Buffer.from("k8s\0", "latin1");

interface WireField {
  readonly number: number;
  /** Varints as numbers, length-delimited fields as bytes. */
  readonly value: number | Buffer;
}

/**
 * Decodes `application/vnd.kubernetes.protobuf`, which clients with compiled-in types send (helm's release storage, `kubectl create`,
 * `kubectl auth can-i`). Undefined when it is malformed or of a kind that is not in the table.
 */
export function decodeProtobuf(body: Buffer): JsonObject | undefined {
  if (!body.subarray(0, 4).equals(MAGIC)) return undefined;
  const unknown = decodeMessage(body.subarray(4), "Unknown");
  // Options without anything set are an empty message, which leaves no trace on the wire.
  const { typeMeta, raw = "" } = unknown ?? {};
  if (typeof raw !== "string" || typeof typeMeta !== "object" || typeMeta === null || !("kind" in typeMeta)) return undefined;
  const { apiVersion = "", kind } = typeMeta;
  if (typeof kind !== "string" || typeof apiVersion !== "string" || MESSAGES[kind] === undefined) return undefined;
  const object = decodeMessage(Buffer.from(raw, "base64"), kind);
  return object === undefined ? undefined : { apiVersion, kind, ...object };
}

function decodeMessage(bytes: Buffer, name: string): JsonObject | undefined {
  const message: MessageType = MESSAGES[name] ?? {};
  const result: Record<string, Json> = {};
  const fields = readFields(bytes);
  if (fields === undefined) return undefined;
  for (const { number, value } of fields) {
    const field = message[number];
    if (field === undefined) continue;
    const [key, type, many] = field;
    if (many === "map") {
      const entry = Buffer.isBuffer(value) ? mapEntry(value, type) : undefined;
      if (entry !== undefined) result[key] = { ...asObject(result[key]), [entry.key]: entry.value };
      continue;
    }
    const decoded = decodeValue(value, type);
    if (decoded === undefined || (decoded === "" && many === undefined)) continue;
    result[key] = many === "list" ? [...asList(result[key]), decoded] : decoded;
  }
  return result;
}

function decodeValue(value: number | Buffer, type: string): Json | undefined {
  if (!Buffer.isBuffer(value)) return type === "bool" ? value !== 0 : value;
  if (type === "text") return value.toString("utf8");
  if (type === "bytes") return value.toString("base64");
  return decodeMessage(value, type);
}

function mapEntry(bytes: Buffer, type: string): { key: string; value: Json } | undefined {
  const fields = readFields(bytes);
  const key = fields?.find((field) => field.number === 1)?.value ?? "";
  const value = decodeValue(fields?.find((field) => field.number === 2)?.value ?? Buffer.alloc(0), type);
  return fields === undefined || value === undefined ? undefined : { key: key.toString(), value };
}

function asObject(value: Json | undefined): JsonObject {
  return typeof value === "object" && value !== null && !("length" in value) ? value : {};
}

function asList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** Splits a message into its fields (Protocol Buffers encoding); undefined when it ends in the middle of one. */
function readFields(bytes: Buffer): readonly WireField[] | undefined {
  const fields: WireField[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) return Number.NaN;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    if (wire === 0) {
      fields.push({ number, value: varint() });
      continue;
    }
    const length = wire === 2 ? varint() : wire === 1 ? 8 : 4;
    if (Number.isNaN(length) || at + length > bytes.length) return undefined;
    fields.push({ number, value: bytes.subarray(at, at + length) });
    at += length;
  }
  return fields;
}
