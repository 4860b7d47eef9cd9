import path from "node:path";
import type { Diagnostic } from "../diagnostic.ts";
import type { Inventory, Value, Variables } from "../load/model.ts";
import { hintFor } from "../nearest.ts";
import type { Secret } from "../secret.ts";
import { createConstants } from "./constants.ts";
import { type Engine, loadEngine } from "./engine.ts";
import type { Evaluated, Evaluator, Rendered, Scope, Underlay } from "./evaluator.ts";
import { type Code, createExplainer } from "./explain.ts";
import { withGuardedPaths } from "./guarded-paths.ts";
import { createHostData, type MissingVariable, missingHostVariable, shortName } from "./host-data.ts";
import { createHostScopes, find } from "./lookup.ts";
import { createMemory } from "./memory.ts";
import { isTrue } from "./outcomes.ts";
import { pathsOf } from "./paths.ts";
import { createPlanVariable } from "./plan-variable.ts";
import { Refusal } from "./refusal.ts";
import { renderValue } from "./render-value.ts";
import { singleExpression, templateWords, words } from "./scan.ts";
import { comparedSecret } from "./secret-comparison.ts";
import { createSecretSources } from "./sources.ts";
import { broken, createTokens, isBroken, type Missing, type Plain } from "./tokens.ts";

/** What an evaluator knows from the start. */
export interface EvaluatorOptions {
  readonly inventory: Inventory;
  readonly extraVars: Variables;
  /** Text of every file that was read, to place errors in. */
  readonly sources: ReadonlyMap<string, string>;
  /** Grows with every secret that is met. */
  readonly secrets: Set<Secret>;
  /** Absent: there is no variable `underlay` yet. */
  readonly underlay?: Underlay;
}

type Outcome = { readonly kind: "value"; readonly value: Plain } | Missing;

/** Makes the evaluator of a run (see Evaluator for what it promises). */
export async function createEvaluator(options: EvaluatorOptions): Promise<Evaluator> {
  return evaluatorWith(await loadEngine(), options);
}

function evaluatorWith(newEngine: () => Engine, options: EvaluatorOptions): Evaluator {
  const { inventory, extraVars, sources, secrets } = options;
  const engine = newEngine();
  const tokens = createTokens((secret) => secrets.add(secret));
  const constant = createConstants(tokens);
  const memory = createMemory();
  const outside = createSecretSources(secrets);
  let directory = ".";
  const concealed = (secret: Secret | Refusal): string | Refusal => (secret instanceof Refusal ? secret : tokens.secret(secret));
  engine.addFunction("env", (name) => concealed(outside.env(name)));
  engine.addFunction("file", (name) => concealed(outside.file(name, directory)));
  const groups = Object.fromEntries([...inventory.groups].map(([name, hosts]) => [name, [...hosts]]));
  engine.setGlobal("groups", groups);

  const hostScope = createHostScopes(inventory, extraVars);
  const { problem, misspelt, explain, place } = createExplainer(engine, sources);
  const underlay = createPlanVariable(options.underlay, tokens, problem);
  if (underlay.value !== undefined) engine.setGlobal("underlay", underlay.value);
  let building = false;
  const hostData = createHostData(
    inventory,
    (host) => new Set(hostScope(host).layers.flatMap((layer) => [...layer.keys()])),
    (host, name) => resolve(name, hostScope(host), []) ?? { kind: "value", value: null },
    tokens,
  );
  let version = 0;
  const cache = new WeakMap<Scope, { readonly version: number; readonly values: Map<string, Outcome | undefined> }>();

  /** The value of a name, undefined when there is none. */
  function resolve(name: string, scope: Scope, chain: readonly string[]): Outcome | undefined {
    const host = inventory.hosts.get(scope.host);
    if (name === "inventory_hostname") return { kind: "value", value: scope.host };
    if (name === "inventory_hostname_short") return { kind: "value", value: shortName(scope.host) };
    if (name === "group_names") return { kind: "value", value: (host?.groups ?? []).filter((group) => group !== "all") };
    if (name === "underlay") return underlay.value === undefined ? underlay.missing() : { kind: "value", value: underlay.value };
    const extra = scope.layers.some((layer) => layer.get(name)?.origin === "extra");
    if (!extra && Object.hasOwn(scope.unknown, name)) return { kind: "unknown", reason: scope.unknown[name] ?? "" };
    const known = cache.get(scope);
    const values = known?.version === version ? known.values : new Map<string, Outcome | undefined>();
    if (known?.version !== version) cache.set(scope, { version, values });
    if (values.has(name)) return values.get(name);
    const found = find(name, scope, tokens);
    const outcome: Outcome | undefined =
      found === undefined
        ? undefined
        : "fact" in found
          ? { kind: "value", value: found.fact }
          : plain(found.value, name, scope, [...chain, name]);
    if (!building && chain.length === 0) values.set(name, outcome);
    return outcome;
  }

  /** A value tree as plain data. What fails inside a map or list becomes a token, so that only who uses it fails. */
  function plain(value: Value, name: string, scope: Scope, chain: readonly string[]): Outcome {
    const inner = (item: Value, key: string): Plain => {
      const outcome = plain(item, key, scope, chain);
      return outcome.kind === "value" ? outcome.value : tokens.missing(key, outcome);
    };
    const known = constant(value);
    if (known !== undefined) return { kind: "value", value: known };
    switch (value.kind) {
      case "literal":
        return { kind: "value", value: value.value };
      case "secret":
        return { kind: "value", value: tokens.secret(value.secret) };
      case "template":
        return run({ text: value.text, at: value.at, bare: false }, scope, chain);
      case "list":
        return { kind: "value", value: value.items.map((item) => inner(item, name)) };
      case "map":
        return { kind: "value", value: Object.fromEntries([...value.entries].map(([key, item]) => [key, inner(item, key)])) };
      default:
        return value satisfies never;
    }
  }

  /** Evaluates code to plain data with tokens. */
  function run(code: Code, scope: Scope, chain: readonly string[]): Outcome {
    const used = code.bare ? words(code.text) : templateWords(code.text);
    const wrong = misspelt(code, used);
    if (wrong !== undefined) return wrong;
    const context: { [name: string]: Plain } = {};
    let hosts: { readonly [host: string]: Plain } | undefined;
    for (const word of used) {
      if (word.kind !== "name" || Object.hasOwn(context, word.text)) continue;
      if (word.text === "underlay") {
        // A global of the engine: a context is copied at every evaluation.
        const missing = underlay.missing(code, word.start);
        if (missing !== undefined) return missing;
        continue;
      }
      if (word.text === "hostvars") {
        if (building)
          return problem(
            code,
            word.start,
            8,
            "cyclic-variable",
            "an inventory variable that uses hostvars cannot be used through hostvars",
          );
        const current = refreshedHosts();
        hosts = current.hosts;
        const missing = missingHostVariable(inventory, used, current.missing);
        if (missing !== undefined) return missing;
      } else if (chain.includes(word.text)) {
        const cycle = [...chain.slice(chain.indexOf(word.text)), word.text].join(" → ");
        return problem(code, word.start, word.text.length, "cyclic-variable", `variable ${word.text} needs itself: ${cycle}`);
      } else {
        const outcome = resolve(word.text, scope, chain);
        if (outcome === undefined) continue;
        if (outcome.kind === "error" && outcome.diagnostic.related === undefined && chain.length === 0) {
          const related = [{ message: `${word.text} is used here`, at: place(code, word.start, word.text.length) }];
          return { kind: "error", diagnostic: { ...outcome.diagnostic, related } };
        }
        if (outcome.kind !== "value") return outcome;
        const hit = tokens
          .missingIn(outcome.value)
          .find((entry) => used.some((other) => other.kind !== "name" && other.text === entry.name));
        if (hit !== undefined) return hit.missing;
        context[word.text] = outcome.value;
      }
    }
    // Secrets from outside and other hosts' variables are no part of the context.
    const repeatable = !used.some(({ text }) => text === "hostvars" || text === "env" || text === "file");
    const remembered = repeatable ? memory.recall(code.text, context) : undefined;
    if (remembered !== undefined) return { kind: "value", value: remembered };
    directory = path.dirname(code.at.file);
    const topLevel = (name: string): unknown => {
      if (name === "groups") return groups;
      if (name === "hostvars") return hosts;
      if (name === "underlay") return underlay.value;
      return Object.hasOwn(context, name) ? context[name] : undefined;
    };
    const indexOf = (inside: string): unknown => {
      const outcome = engine.evaluate(inside, context);
      return outcome.ok ? outcome.value : undefined;
    };
    const paths = pathsOf(code.text, used);
    const compared = comparedSecret(code, topLevel, indexOf);
    if (compared !== undefined) {
      const message = `${code.text.slice(compared.start, compared.end)} is a secret: it cannot be compared with plain text`;
      const hint = "ask whether it is defined, or compare two secrets";
      return problem(code, compared.start, compared.end - compared.start, "secret-compared", message, hint);
    }
    // A name that a statement binds is in no context: it must not count as missing.
    const guardable = code.text.includes("{%") ? paths.filter((path) => topLevel(path.name) !== undefined) : paths;
    const text = withGuardedPaths(code.text, guardable, topLevel, indexOf);
    const single = code.bare ? { text, start: 0 } : singleExpression(text);
    const outcome = single ? engine.evaluate(single.text, context) : engine.text(text, context);
    if (outcome.ok) {
      if (repeatable) memory.keep(code.text, context, outcome.value);
      return { kind: "value", value: outcome.value };
    }
    const part = { text: single?.text ?? text, start: single?.start ?? 0 };
    return explain(code, used, outcome.problem, part, scope, topLevel);
  }

  function refreshedHosts(): {
    readonly hosts: { readonly [host: string]: Plain };
    readonly missing: readonly MissingVariable[];
  } {
    building = true;
    const current = hostData.all();
    building = false;
    if (current.fresh) {
      engine.setGlobal("hostvars", current.hosts);
      engine.setHosts(current.hosts);
    }
    return current;
  }

  function reveal(outcome: Outcome, code: Code | undefined): Evaluated<Rendered> {
    if (outcome.kind !== "value") return outcome;
    const value = tokens.reveal(outcome.value);
    if (!isBroken(value)) return { kind: "value", value };
    const reason = value[broken];
    if (reason !== "cut") return reason;
    const message = "a secret cannot be cut, sliced or used as a key in an expression";
    if (code !== undefined) return problem(code, 0, code.text.length, "secret-changed", message);
    return { kind: "error", diagnostic: { severity: "error", rule: "secret-changed", message } };
  }

  const render = (value: Value, scope: Scope): Evaluated<Rendered> =>
    renderValue(
      value,
      ({ text, at }) => {
        const code = { text, at, bare: false };
        return reveal(run(code, scope, []), code);
      },
      secrets,
    );

  return {
    render,
    test(expression, scope) {
      const code = { text: expression.text, at: expression.at, bare: true };
      const outcome = reveal(run(code, scope, []), code);
      return outcome.kind === "value" ? { kind: "value", value: isTrue(outcome.value) } : outcome;
    },
    variable(name, scope) {
      const outcome = resolve(name, scope, []);
      if (outcome !== undefined) return reveal(outcome, undefined);
      const hint = hintFor(name, new Set(scope.layers.flatMap((layer) => [...layer.keys()])));
      const diagnostic: Diagnostic = {
        severity: "error",
        rule: "undefined-variable",
        message: `variable ${name} is not defined`,
      };
      return { kind: "error", diagnostic: hint === undefined ? diagnostic : { ...diagnostic, hint } };
    },
    learn(host, name, value) {
      version += 1;
      hostData.learn(host, name, tokens.conceal(value));
    },
    over: (other, others, plan) => evaluatorWith(newEngine, { ...options, inventory: other, extraVars: others, underlay: plan }),
    learnUnknown(host, name, reason) {
      version += 1;
      hostData.learn(host, name, tokens.missing(name, { kind: "unknown", reason }));
    },
  };
}
