import { isObject } from "../json.ts";
import { type Filter, Refusal } from "./refusal.ts";

/** A test of what `register` stored: `result is changed`. */
function about(name: string, holds: (result: { readonly [key: string]: unknown }) => boolean): Filter {
  return (input) => {
    if (isObject(input) && "failed" in input && "changed" in input) return holds(input);
    return new Refusal(`test ${name} needs what a task registered`);
  };
}

/** Ansible's tests of registered results. Unlike there, `failed` holds for an unreachable host too. */
export const resultTests: Readonly<Record<string, Filter>> = {
  changed: about("changed", ({ changed }) => changed === true),
  failed: about("failed", ({ failed }) => failed === true),
  succeeded: about("succeeded", ({ failed }) => failed !== true),
  success: about("success", ({ failed }) => failed !== true),
  skipped: about("skipped", ({ skipped }) => skipped === true),
};
