import { type Diagnostic, errorAt } from "../diagnostic.ts";
import type { Evaluated, Evaluator, Scope } from "../expression/evaluator.ts";
import { check } from "../schema.ts";
import { schemaDiagnostics } from "../schema-words.ts";
import type { Host, Variable, Variables } from "./model.ts";
import { type Data, type RenderedTree, renderedFor } from "./render-tree.ts";
import { concealPlainData } from "./secrets-in-values.ts";
import { KnownVariables } from "./variables.ts";

/** The scope of a host outside of any play: its inventory variables and the extra ones. */
export function hostScope(host: Host, extraVars: Variables): Scope {
  return { host: host.name, layers: [host.vars, extraVars], facts: {}, unknown: {} };
}

/** What of a host's known variables to render, and what of them cannot be known. */
interface Rendering {
  /** Absent: all. */
  readonly only?: ReadonlySet<keyof KnownVariables>;
  /** Variables that the address plan would have given, were it not wrong: what uses them is not wrong as well. */
  readonly unknown?: Scope["unknown"];
}

/** One known variable of a host, rendered, with everything that is wrong with it. */
export interface KnownVariable {
  readonly name: keyof KnownVariables;
  readonly variable: Variable;
  readonly tree: RenderedTree;
  readonly diagnostics: readonly Diagnostic[];
}

function isKnown(name: string): name is keyof KnownVariables {
  return Object.hasOwn(KnownVariables.properties, name);
}

/**
 * Renders and checks the known variables of a host.
 *
 * @param plainSecrets whether a template may give plain text where a secret belongs (a lab's inventory)
 */
export function renderKnown(
  host: Host,
  extraVars: Variables,
  evaluator: Evaluator,
  plainSecrets: boolean,
  { only, unknown = {} }: Rendering = {},
): KnownVariable[] {
  const scope: Scope = { ...hostScope(host, extraVars), unknown };
  const names = new Set([...host.vars.keys(), ...extraVars.keys()]);
  const rendered = [...names].filter(isKnown).flatMap((name) => {
    if (only?.has(name) === false) return [];
    const variable = extraVars.get(name) ?? host.vars.get(name);
    if (variable === undefined) return [];
    const tree = renderedFor(variable.value, evaluator, scope);
    const data = plainSecrets ? concealPlainData(KnownVariables.properties[name], tree.data) : tree.data;
    return [{ name, variable, tree: { ...tree, data } }];
  });
  // All at once: one schema is compiled quicker than one for each variable.
  const checked = check(KnownVariables, Object.fromEntries(rendered.map(({ name, tree }) => [name, tree.data])));
  const errors = checked.ok ? [] : checked.errors;
  return rendered.map((known) => {
    const above = `/${known.name}`;
    const own = errors
      .filter(({ instancePath }) => instancePath === above || instancePath.startsWith(`${above}/`))
      .map((error) => ({ ...error, instancePath: error.instancePath.slice(above.length) }));
    const wrong = schemaDiagnostics(own, known.variable.value, known.name, known.tree.isHole);
    return { ...known, diagnostics: [...known.tree.errors, ...wrong] };
  });
}

/**
 * The known variables of a host as the connections and the lab use them. After a good load an error is rare: a file of a secret that went away, or
 * an overlay that does not fit.
 */
export function knownVariables(host: Host, extraVars: Variables, evaluator: Evaluator): Evaluated<KnownVariables> {
  const known = renderKnown(host, extraVars, evaluator, true);
  const diagnostic = known.flatMap((variable) => variable.diagnostics).find(({ severity }) => severity === "error");
  if (diagnostic !== undefined) return { kind: "error", diagnostic };
  const data: { [name: string]: Data } = Object.fromEntries(known.map(({ name, tree }) => [name, tree.data]));
  const checked = check(KnownVariables, data);
  if (checked.ok) return { kind: "value", value: checked.value };
  return { kind: "error", diagnostic: errorAt(host.at, "invalid-value", `the variables of ${host.name} are not valid`) };
}
