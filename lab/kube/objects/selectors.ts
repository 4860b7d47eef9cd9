import type { KubeObject } from "./kube-object.ts";
import { valueAt } from "./kube-object.ts";

/** Whether an object is chosen. */
export type Selector = (object: KubeObject) => boolean;

const NAME = "[A-Za-z0-9](?:[A-Za-z0-9._/-]*[A-Za-z0-9])?";
const SET = new RegExp(`^(${NAME})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const COMPARISON = new RegExp(`^(${NAME})\\s*(=|==|!=)\\s*([A-Za-z0-9._-]*)$`);
const EXISTENCE = new RegExp(`^(!?)\\s*(${NAME})$`);

/**
 * A label selector: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`, joined with commas (Kubernetes docs, Labels and
 * Selectors). Undefined when it cannot be parsed. A label that is absent satisfies `!=` and `notin`.
 */
export function labelSelector(text: string): Selector | undefined {
  const parts = split(text).map(requirement);
  const known = parts.filter((part) => part !== undefined);
  return known.length === parts.length ? (object) => known.every((part) => part(object)) : undefined;
}

/** A field selector: `path=value` and `path!=value` joined with commas; an absent field counts as empty text. Undefined when malformed. */
export function fieldSelector(text: string): Selector | undefined {
  const parts = split(text).map((part) => /^([^=!]+)(==|=|!=)(.*)$/.exec(part));
  if (parts.some((part) => part === null)) return undefined;
  return (object) =>
    parts.every((part) => {
      const [, path = "", operator, wanted] = part ?? [];
      const found = String(valueAt(object, ...path.split(".")) ?? "");
      return (found === wanted) === (operator !== "!=");
    });
}

/** Splits at commas that are not inside parentheses. */
function split(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function requirement(text: string): Selector | undefined {
  const set = SET.exec(text);
  if (set !== null) {
    const [, label = "", operator, list = ""] = set;
    const values = list.split(",").map((value) => value.trim());
    return (object) => {
      const found = object.metadata.labels?.[label];
      return (found !== undefined && values.includes(found)) === (operator === "in");
    };
  }
  const comparison = COMPARISON.exec(text);
  if (comparison !== null) {
    const [, label = "", operator, value] = comparison;
    return (object) => (object.metadata.labels?.[label] === value) === (operator !== "!=");
  }
  const existence = EXISTENCE.exec(text);
  if (existence === null) return undefined;
  const [, not, label = ""] = existence;
  return (object) => (object.metadata.labels?.[label] !== undefined) === (not === "");
}
