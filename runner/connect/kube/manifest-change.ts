import type { Change } from "../../change.ts";
import type { Json } from "../../json.ts";
import type { KubeObject, Manifest } from "../cluster.ts";
import { contentOf, differenceOf, maskSecrets, toJson } from "./compare-objects.ts";
import { targetOf } from "./object-name.ts";

/** A manifest as it is sent, with what it changes. */
export interface ManifestChange {
  readonly manifest: Manifest;
  /** Secret data in Base64, never shown. */
  readonly object: KubeObject;
  /** What the object will be, as far as that is known. */
  readonly next: KubeObject;
  readonly change: Change;
}

/** A new object: shown as the task wrote it, without the server's defaults, so that it can be told before the namespace or kind exists. */
export function creation(wanted: KubeObject): Change {
  return { target: targetOf(wanted), action: "create", before: null, after: shown(wanted) };
}

/** An object that goes. */
export function deletion(live: KubeObject): Change {
  return { target: targetOf(live), action: "delete", before: shown(live), after: null };
}

/** Where two states of an object differ. Secrets are compared in clear and shown masked. */
export function modification(live: KubeObject, next: KubeObject): Change | undefined {
  const difference = differenceOf(contentOf(live), contentOf(next));
  if (difference === undefined) return undefined;
  return {
    target: targetOf(next),
    action: "modify",
    before: maskSecrets(next.kind, difference.before),
    after: maskSecrets(next.kind, difference.after),
  };
}

function shown(object: KubeObject): Json {
  return maskSecrets(object.kind, toJson(contentOf(object)));
}
