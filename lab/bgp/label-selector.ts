import { isObject } from "../../runner/json.ts";
import { listAt, textAt, textsAt } from "./kube-read.ts";

/**
 * Kubernetes' LabelSelector: all of matchLabels and matchExpressions must hold; an empty selector matches everything. What no selector
 * at all means is up to the field (Kubernetes API, LabelSelector).
 */
export function matchesSelector(selector: unknown, labels: Readonly<Record<string, string>>): boolean {
  const exact = isObject(selector) && isObject(selector.matchLabels) ? Object.entries(selector.matchLabels) : [];
  if (!exact.every(([key, value]) => labels[key] === value)) return false;
  return listAt(selector, "matchExpressions").every((expression) => {
    const value = labels[textAt(expression, "key") ?? ""];
    const values = textsAt(expression, "values");
    switch (textAt(expression, "operator")) {
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
  });
}
