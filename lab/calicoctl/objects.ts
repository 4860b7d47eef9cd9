import { parseAllDocuments } from "yaml";
import type { Json } from "../../runner/json.ts";
import { prepare } from "../kube/api/prepare.ts";
import { v3Kind } from "../kube/calico/aggregated-api.ts";
import { isKubeObject, type KubeObject, textAt, valueAt, without } from "../kube/objects/kube-object.ts";
import { loadSchemaCheck } from "../kube/schema/validate.ts";

/** Calico's own API, as people write it. */
export const API = "projectcalico.org/v3";
/** How the Kubernetes datastore keeps it. */
const STORED = "crd.projectcalico.org/v1";

/** Kinds that this stand-in knows, with their plural names. */
const PLURALS: Readonly<Record<string, string>> = {
  BGPConfiguration: "bgpconfigurations",
  BGPFilter: "bgpfilters",
  BGPPeer: "bgppeers",
  IPPool: "ippools",
};

/** A kind by its name on the command line, `BGPPeer`, `bgppeers`, `bgpPeer`; undefined when it is none of those known here. */
export function kindOf(word: string): string | undefined {
  const wanted = word.toLowerCase();
  return Object.keys(PLURALS).find((kind) => kind.toLowerCase() === wanted || PLURALS[kind] === wanted);
}

/** The plural of a kind of `kindOf`. */
export function pluralOf(kind: string): string {
  return PLURALS[kind] ?? kind;
}

/**
 * The objects of a text of YAML or JSON documents, in order.
 *
 * @throws Error for what calicoctl does not read
 */
export function objectsIn(text: string): readonly KubeObject[] {
  const documents = parseAllDocuments(text);
  if (documents.length === 0) throw new Error("no resources specified");
  return documents.map((document) => {
    const object: Json = document.toJS();
    const kind = textAt(object, "kind");
    if (textAt(object, "apiVersion") !== API || PLURALS[kind] === undefined) {
      throw new Error(`Unknown object type: ${kind} (${textAt(object, "apiVersion")})`);
    }
    if (!isKubeObject(object)) throw new Error(`resource name may not be empty: ${kind}`);
    return object;
  });
}

/**
 * Checks objects as Calico's client does before it writes, by the schemas and rules of its API server.
 *
 * @throws Error with the first reason
 */
export async function validate(objects: readonly KubeObject[]): Promise<void> {
  const check = await loadSchemaCheck();
  for (const object of objects) {
    const prepared = prepare(v3Kind(object.kind), object, "Strict", check);
    if (!prepared.ok) throw new Error(prepared.refusal.message);
  }
}

/** An object as the datastore keeps it, over the one that is there, whose identity it takes. */
export function stored(object: KubeObject, found: KubeObject | undefined): KubeObject {
  const { name } = object.metadata;
  const assigned = without(object.metadata, "uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "name");
  const resourceVersion = found?.metadata.resourceVersion;
  const metadata = { ...assigned, name, ...(resourceVersion === undefined ? {} : { resourceVersion }) };
  return { apiVersion: STORED, kind: object.kind, metadata, spec: valueAt(object, "spec") ?? {} };
}

/** A kept object as calicoctl shows it. */
export function shown(object: KubeObject): KubeObject {
  const { name, uid, resourceVersion, creationTimestamp, labels, annotations } = object.metadata;
  const optional = { uid, resourceVersion, creationTimestamp, labels, annotations };
  const present = Object.fromEntries(
    Object.entries(optional).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
  return { apiVersion: API, kind: object.kind, metadata: { name, ...present }, spec: valueAt(object, "spec") ?? {} };
}
