import type { Value } from "../load/model.ts";
import type { Plain, Tokens } from "./tokens.ts";

/** Plain data of values without templates, made once for all hosts that share the value; undefined for all others. */
export function createConstants(tokens: Tokens): (value: Value) => Plain | undefined {
  const known = new WeakMap<Value, { readonly plain: Plain | undefined }>();
  const make = (value: Value): Plain | undefined => {
    switch (value.kind) {
      case "literal":
        return value.value;
      case "secret":
        return tokens.secret(value.secret);
      case "template":
        return undefined;
      case "list": {
        const items = value.items.map(constant).filter((item) => item !== undefined);
        return items.length === value.items.length ? items : undefined;
      }
      case "map": {
        const entries = [...value.entries].flatMap(([key, item]) => {
          const plain = constant(item);
          return plain === undefined ? [] : [[key, plain] as const];
        });
        return entries.length === value.entries.size ? Object.fromEntries(entries) : undefined;
      }
      default:
        return value satisfies never;
    }
  };
  function constant(value: Value): Plain | undefined {
    const found = known.get(value) ?? { plain: make(value) };
    known.set(value, found);
    return found.plain;
  }
  return constant;
}
