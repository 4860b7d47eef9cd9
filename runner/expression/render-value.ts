import type { Value } from "../load/model.ts";
import type { Secret } from "../secret.ts";
import type { Evaluated, Rendered } from "./evaluator.ts";
import { firstBad } from "./outcomes.ts";

/** Renders a value tree; what is no template stays as it is. `secrets` grows with those met. */
export function renderValue(
  value: Value,
  template: (value: Extract<Value, { kind: "template" }>) => Evaluated<Rendered>,
  secrets: Set<Secret>,
): Evaluated<Rendered> {
  switch (value.kind) {
    case "literal":
      return { kind: "value", value: value.value };
    case "secret":
      secrets.add(value.secret);
      return { kind: "value", value: value.secret };
    case "template":
      return template(value);
    case "list": {
      const items = value.items.map((item) => renderValue(item, template, secrets));
      return firstBad(items) ?? { kind: "value", value: items.flatMap((item) => (item.kind === "value" ? [item.value] : [])) };
    }
    case "map": {
      const entries = [...value.entries].map(([key, item]) => [key, renderValue(item, template, secrets)] as const);
      const good = entries.flatMap(([key, item]) => (item.kind === "value" ? [[key, item.value] as const] : []));
      return firstBad(entries.map(([, item]) => item)) ?? { kind: "value", value: Object.fromEntries(good) };
    }
    default:
      return value satisfies never;
  }
}
