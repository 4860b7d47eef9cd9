import { isObject } from "../../runner/json.ts";

type Labels = Readonly<Record<string, string>>;

/**
 * Whether a Kubernetes label selector (`matchLabels`, `matchExpressions`) chooses a node with these labels; without one every node.
 * Undefined when it has an operator that is not known here.
 */
export function isSelected(selector: unknown, labels: Labels): boolean | undefined {
  if (!isObject(selector)) return true;
  const equal = Object.entries(isObject(selector.matchLabels) ? selector.matchLabels : {});
  const expressions: readonly unknown[] = Array.isArray(selector.matchExpressions) ? selector.matchExpressions : [];
  const terms = [...equal.map(([key, value]) => labels[key] === value), ...expressions.map((one) => holds(one, labels))];
  if (terms.includes(false)) return false;
  return terms.includes(undefined) ? undefined : true;
}

function holds(expression: unknown, labels: Labels): boolean | undefined {
  if (!isObject(expression) || typeof expression.key !== "string") return undefined;
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
      return undefined;
  }
}
