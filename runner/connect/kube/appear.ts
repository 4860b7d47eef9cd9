import { setTimeout as sleep } from "node:timers/promises";
import { failed, ok, type Result } from "../../result.ts";
import type { ClusterParts } from "./cluster-parts.ts";
import { readObjects, splitServed } from "./read-objects.ts";
import { inOtherVersions } from "./served-version.ts";

/** A kind as an object names it. */
interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
}

/**
 * Waits until the cluster serves these kinds, `exactly` in their versions or in any. Not done right after a release is installed, but when a task first needs a kind:
 * Calico's operator, for one, serves `projectcalico.org/v3` only after a later task has given it an Installation and an APIServer.
 */
export async function awaitKinds(
  parts: ClusterParts,
  kinds: readonly Kind[],
  { exactly }: { readonly exactly: boolean },
): Promise<Result<void>> {
  const { discovery } = parts;
  const look = async (): Promise<Result<readonly string[]>> => {
    const split = await splitServed(discovery, kinds, (kind) => kind);
    if (!split.ok) return split;
    const others = exactly ? await inOtherVersions(parts, split.value.served) : ok([]);
    return others.ok
      ? ok([...split.value.unserved, ...others.value].map(({ apiVersion, kind }) => `${kind} (${apiVersion})`))
      : others;
  };
  const known = await look();
  if (!known.ok) return known;
  if (known.value.length === 0) return ok(undefined);
  // What is known may be as old as the last task: asked anew at once, and again after each pause.
  const missing = await waitUntilNone(parts, async () => {
    discovery.forget();
    return look();
  });
  if (!missing.ok) return missing;
  if (missing.value.length === 0) return ok(undefined);
  return failed({
    kind: "failed",
    doing: "wait for the kinds that a release brings",
    message: `not served after ${patienceOf(parts)} s: ${[...new Set(missing.value)].join(", ")}`,
    meaning: "the operator behind the release did not come up, or waits for something",
    next: "look at kubectl get tigerastatus,apiservices and kubectl get pods -A, then run again",
  });
}

/** Waits until these namespaces exist; the operator makes its own a moment after its configuration was written. */
export async function awaitNamespaces(parts: ClusterParts, namespaces: readonly string[]): Promise<Result<void>> {
  if (namespaces.length === 0) return ok(undefined);
  const missing = await waitUntilNone(parts, async () => {
    const found = await readObjects(
      parts.programs,
      namespaces.map((name) => ({ apiVersion: "v1", kind: "Namespace", name })),
    );
    if (!found.ok) return found;
    const names = new Set(found.value.map(({ metadata }) => metadata.name));
    return ok(namespaces.filter((name) => !names.has(name)));
  });
  if (!missing.ok) return missing;
  if (missing.value.length === 0) return ok(undefined);
  return failed({
    kind: "failed",
    doing: "wait for namespaces",
    message: `not there after ${patienceOf(parts)} s: ${missing.value.join(", ")}`,
    meaning: "the operator that makes the namespace did not come up, or the namespace has another name",
    next: "look at kubectl get tigerastatus and the operator's pods, then run again",
  });
}

/** An operator pulls images and starts pods meanwhile: as long as its release may take to come up, it may take to do its work. */
function patienceOf({ projection, timeouts }: ClusterParts): number {
  return projection.patience() ?? timeouts.crdSeconds;
}

async function waitUntilNone(
  parts: ClusterParts,
  look: () => Promise<Result<readonly string[]>>,
): Promise<Result<readonly string[]>> {
  const end = Date.now() + patienceOf(parts) * 1000;
  for (;;) {
    const missing = await look();
    if (!missing.ok || missing.value.length === 0 || Date.now() >= end) return missing;
    await sleep(parts.timeouts.pollMilliseconds);
  }
}
