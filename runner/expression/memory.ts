import type { Plain } from "./tokens.ts";

/** Remembers of each expression what it gave last: hosts of a group ask the same with the same values, one after the other. */
export interface Memory {
  /** The result, when the very same values go in. */
  recall(expression: string, context: Readonly<Record<string, Plain>>): Plain | undefined;
  keep(expression: string, context: Readonly<Record<string, Plain>>, result: Plain): void;
}

/** Only for expressions that depend on nothing but their context. */
export function createMemory(): Memory {
  const last = new Map<string, { readonly context: Readonly<Record<string, Plain>>; readonly result: Plain }>();
  return {
    recall(expression, context) {
      const known = last.get(expression);
      if (known === undefined) return undefined;
      const names = Object.keys(context);
      const same = names.length === Object.keys(known.context).length;
      return same && names.every((name) => context[name] === known.context[name]) ? known.result : undefined;
    },
    keep(expression, context, result) {
      last.set(expression, { context, result });
    },
  };
}
