import type { World } from "../controllers/world.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import type { ResourceType } from "../objects/resource-type.ts";

/** The operator writes with this field manager. */
export const OPERATOR = "operator";

/** Namespace of everything that the operator installs. */
export const SYSTEM = "calico-system";

function operatorKind(kind: string, plural: string): ResourceType {
  return {
    group: "operator.tigera.io",
    version: "v1",
    plural,
    singular: kind.toLowerCase(),
    kind,
    namespaced: false,
    shortNames: [],
    subresources: ["status"],
    storage: `operator.tigera.io/${plural}`,
    schema: undefined,
    rules: undefined,
  };
}

/** What Calico is to be: one object, `default`. */
export const installations: ResourceType = operatorKind("Installation", "installations");
/** Asks for Calico's own API server: one object, `default`. */
export const apiServers: ResourceType = operatorKind("APIServer", "apiservers");
/** How the operator's components are: one object each. */
export const tigeraStatuses: ResourceType = operatorKind("TigeraStatus", "tigerastatuses");

/** Whether the definition of an operator's kind is there. */
export function isDefined(world: World, kind: ResourceType): boolean {
  const definitions = builtinOf("CustomResourceDefinition").storage;
  return world.store.get(definitions, undefined, `${kind.plural}.${kind.group}`) !== undefined;
}

/** The one object of an operator's kind: its name is `default`. */
export function defaultOf(world: World, kind: ResourceType): KubeObject | undefined {
  return world.store.get(kind.storage, undefined, "default");
}
