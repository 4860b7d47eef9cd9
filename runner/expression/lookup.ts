import type { Inventory, Variable, Variables } from "../load/model.ts";
import type { Scope } from "./evaluator.ts";
import type { Plain, Tokens } from "./tokens.ts";

/** The scope of each host outside of any play, made once: its inventory variables and the extra ones. */
export function createHostScopes(inventory: Inventory, extraVars: Variables): (host: string) => Scope {
  const scopes = new Map<string, Scope>();
  return (name) => {
    const layers = [inventory.hosts.get(name)?.vars ?? new Map<string, Variable>(), extraVars];
    const scope: Scope = scopes.get(name) ?? { host: name, layers, facts: {}, unknown: {} };
    scopes.set(name, scope);
    return scope;
  };
}

/** What a name means in a scope: extra variables first, then facts, then the layers from the top. */
export function find(name: string, scope: Scope, tokens: Tokens): Variable | { readonly fact: Plain } | undefined {
  const layers = scope.layers.toReversed().map((layer) => layer.get(name));
  const extra = layers.find((variable) => variable?.origin === "extra");
  if (extra !== undefined) return extra;
  const fact = Object.hasOwn(scope.facts, name) ? scope.facts[name] : undefined;
  if (fact !== undefined) return { fact: tokens.conceal(fact) };
  return layers.find((variable) => variable !== undefined);
}
