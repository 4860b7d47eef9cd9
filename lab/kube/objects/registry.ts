import type { Json } from "../../../runner/json.ts";
import { builtinOf, builtinResources } from "./builtin-resources.ts";
import { isJsonObject, type KubeObject, listAt, objectAt, textAt, valueAt } from "./kube-object.ts";
import type { ResourceType } from "./resource-type.ts";
import type { ObjectStore } from "./store.ts";

/** An API that another server answers (APIService), here the resources of one group and version by its object's name. */
export interface AggregatedApi {
  /** `v3.projectcalico.org`. */
  readonly service: string;
  readonly resources: readonly ResourceType[];
}

/** What a group knows better about its custom resources than their definitions say. */
export interface CustomResourceHooks {
  /** Where objects are kept when it is not a place of their own. */
  storageOf(group: string, plural: string): string;
  /** Rules of a kind that its schema cannot say. */
  rulesOf(group: string, kind: string): ResourceType["rules"];
}

/**
 * What is served now: built-in kinds, custom resources whose definition is Established, and aggregated APIs whose APIService is Available.
 */
export function createRegistry(
  store: ObjectStore,
  aggregated: readonly AggregatedApi[],
  hooks: CustomResourceHooks,
): () => readonly ResourceType[] {
  const definitions = builtinOf("CustomResourceDefinition").storage;
  const services = builtinOf("APIService").storage;
  let current: readonly ResourceType[] | undefined;
  store.subscribe((event) => {
    if (event.storage === definitions || event.storage === services) current = undefined;
  });
  return () => {
    current ??= [
      ...builtinResources,
      ...store.list(definitions).flatMap((definition) => customResources(definition, hooks)),
      ...aggregated
        .filter(({ service }) => hasCondition(store.get(services, undefined, service), "Available"))
        .flatMap(({ resources }) => resources),
    ];
    return current;
  };
}

/** Whether a condition of an object's status is True. */
export function hasCondition(object: KubeObject | undefined, type: string): boolean {
  return listAt(object, "status", "conditions").some(
    (condition) => textAt(condition, "type") === type && textAt(condition, "status") === "True",
  );
}

function customResources(definition: KubeObject, hooks: CustomResourceHooks): readonly ResourceType[] {
  if (!hasCondition(definition, "Established")) return [];
  const group = textAt(definition, "spec", "group");
  const names = objectAt(definition, "spec", "names");
  const plural = textAt(names, "plural");
  const kind = textAt(names, "kind");
  return listAt(definition, "spec", "versions")
    .filter((version) => valueAt(version, "served") === true)
    .map((version) => ({
      group,
      version: textAt(version, "name"),
      plural,
      singular: textAt(names, "singular") || kind.toLowerCase(),
      kind,
      namespaced: textAt(definition, "spec", "scope") === "Namespaced",
      shortNames: listAt(names, "shortNames").filter((name) => typeof name === "string"),
      subresources: isJsonObject(valueAt(version, "subresources", "status")) ? ["status"] : [],
      storage: hooks.storageOf(group, plural),
      schema: schemaOf(version),
      rules: hooks.rulesOf(group, kind),
    }));
}

function schemaOf(version: Json) {
  const schema = valueAt(version, "schema", "openAPIV3Schema");
  return isJsonObject(schema) ? schema : { type: "object", "x-kubernetes-preserve-unknown-fields": true };
}
