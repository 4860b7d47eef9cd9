import type { Json } from "../../../runner/json.ts";
import { listAt, objectAt, textAt } from "./kube-object.ts";

/** Labels of an object. */
export type Labels = Readonly<Record<string, string>>;

/** Whether a metav1.LabelSelector takes these labels. An empty or absent selector takes everything. */
export function selectsLabels(selector: Json | undefined, labels: Labels): boolean {
  const equal = Object.entries(objectAt(selector, "matchLabels")).every(([label, value]) => labels[label] === value);
  return equal && listAt(selector, "matchExpressions").every((expression) => holds(expression, labels));
}

function holds(expression: Json, labels: Labels): boolean {
  const value = labels[textAt(expression, "key")];
  const listed = value !== undefined && listAt(expression, "values").includes(value);
  const operator = textAt(expression, "operator");
  if (operator === "In") return listed;
  if (operator === "NotIn") return !listed;
  return (operator === "Exists") === (value !== undefined);
}
