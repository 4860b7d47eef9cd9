import type { Json } from "../../../runner/json.ts";

/** An IntOrString as a number of things: `2`, or `25%` of them rounded up. What is neither counts as none. */
export function scaled(value: Json, total: number): number {
  if (typeof value === "number") return value;
  const [, percent] = /^(\d+)%$/.exec(String(value)) ?? [];
  return percent === undefined ? 0 : Math.ceil((Number(percent) * total) / 100);
}
