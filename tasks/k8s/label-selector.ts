import { isObject } from "../../runner/json.ts";

type Labels = Readonly<Record<string, string>>;

/**
 * Whether labels meet a LabelSelector (meta/v1): `matchLabels` and `matchExpressions` with In, NotIn, Exists, DoesNotExist, all of them.
 * An empty selector meets everything; none at all, or an operator that does not exist, nothing.
 * Source: Kubernetes documentation, Labels and Selectors.
 */
export function selects(selector: unknown, labels: Labels): boolean {
  if (!isObject(selector)) return false;
  const wanted = isObject(selector.matchLabels) ? Object.entries(selector.matchLabels) : [];
  const expressions: readonly unknown[] = Array.isArray(selector.matchExpressions) ? selector.matchExpressions : [];
  return wanted.every(([key, value]) => labels[key] === value) && expressions.every((expression) => meets(expression, labels));
}

function meets(expression: unknown, labels: Labels): boolean {
  if (!isObject(expression) || typeof expression.key !== "string") return false;
  const value = labels[expression.key];
  const values: readonly unknown[] = Array.isArray(expression.values) ? expression.values : [];
  switch (expression.operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}
