import { isObject } from "../../json.ts";
import type { KubeObject } from "../cluster.ts";
import { parseJson } from "./kube-output.ts";
import { mergedObject } from "./merge-objects.ts";

/**
 * Names of the fields that we set last, as a JSON list: calicoctl replaces whole objects and knows no field managers, so that this is the
 * only way to tell a field that is no longer wanted from one that somebody else has set.
 */
export const OWN_FIELDS = "underlay/own-fields";

/** The object as it is to be sent: what was found, without the fields that were ours and are not wanted any more, with the wanted ones. */
export function keptObject(found: KubeObject | undefined, wanted: KubeObject): KubeObject {
  const own = Object.keys(isObject(wanted.spec) ? wanted.spec : {});
  const marked: KubeObject = {
    ...wanted,
    metadata: { ...wanted.metadata, annotations: { ...wanted.metadata.annotations, [OWN_FIELDS]: JSON.stringify(own) } },
  };
  if (found === undefined) return marked;
  const { status: _status, ...base } = found;
  const former = ownFields(found).filter((field) => !own.includes(field));
  const spec = Object.fromEntries(
    Object.entries(isObject(base.spec) ? base.spec : {}).filter(([field]) => !former.includes(field)),
  );
  return mergedObject({ ...base, spec }, marked);
}

function ownFields({ metadata }: KubeObject): readonly string[] {
  const listed = parseJson(metadata.annotations?.[OWN_FIELDS] ?? "[]");
  return Array.isArray(listed) ? listed.map(String) : [];
}
