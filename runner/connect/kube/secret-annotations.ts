import { isObject, type Json } from "../../json.ts";
import { MASK } from "../../secret.ts";
import type { KubeObject, TextWithSecrets } from "../cluster.ts";

/**
 * Annotations that hold passwords, whoever set them: kube-router reads the BGP password of a node's peers from its Node (docs/bgp.md of
 * kube-router; from 2.7.0 in `peers`, before and still in `peer.passwords`). Treated like the data of a Secret: compared in clear, shown masked.
 */
const SECRET_ANNOTATIONS: ReadonlySet<string> = new Set(["kube-router.io/peers", "kube-router.io/peer.passwords"]);

/** The first name that is not one of these: a secret there would be shown with the object. */
export function openAnnotation(annotations: Readonly<Record<string, TextWithSecrets>>): string | undefined {
  return Object.keys(annotations).find((name) => !SECRET_ANNOTATIONS.has(name));
}

/** The object with these annotations, secrets put in. */
export function withSecretAnnotations(object: KubeObject, annotations: Readonly<Record<string, TextWithSecrets>>): KubeObject {
  const texts = Object.entries(annotations).map(([name, parts]) => [name, parts.map(reveal).join("")] as const);
  if (texts.length === 0) return object;
  return {
    ...object,
    metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...Object.fromEntries(texts) } },
  };
}

/** Masks these annotations in an object, or in what is left of it in a change; the names stay visible. */
export function maskAnnotations(value: Json): Json {
  if (!isJsonMap(value) || !isJsonMap(value.metadata) || !isJsonMap(value.metadata.annotations)) return value;
  const annotations = Object.entries(value.metadata.annotations).map(([name, text]) => [
    name,
    SECRET_ANNOTATIONS.has(name) && text !== null ? MASK : text,
  ]);
  return { ...value, metadata: { ...value.metadata, annotations: Object.fromEntries(annotations) } };
}

function reveal(part: TextWithSecrets[number]): string {
  return typeof part === "string" ? part : Buffer.from(part.base64.reveal()).toString("base64");
}

function isJsonMap(value: Json | undefined): value is { readonly [name: string]: Json } {
  return isObject(value);
}
