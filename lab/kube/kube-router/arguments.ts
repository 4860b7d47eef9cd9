import { type KubeObject, listAt, textAt } from "../objects/kube-object.ts";

/**
 * The flags that a kube-router pod was started with, by name without dashes, each with all its values: a bare flag is `true`, a list may be
 * repeated or joined with commas (facts, cni.md 2.2). A flag and its value in two arguments are not joined: for booleans kube-router does not
 * do so either.
 */
export function flagsOf(pod: KubeObject): ReadonlyMap<string, readonly string[]> {
  const container = listAt(pod, "spec", "containers").find((entry) => textAt(entry, "name") === "kube-router");
  const words = [...listAt(container, "command"), ...listAt(container, "args")].map(String);
  const flags = new Map<string, readonly string[]>();
  for (const word of words) {
    const [, name, value = "true"] = /^--?([a-z][a-z0-9-]*)(?:=(.*))?$/s.exec(word) ?? [];
    if (name !== undefined) flags.set(name, [...(flags.get(name) ?? []), ...value.split(",")]);
  }
  return flags;
}

/** Whether a boolean flag is on; `otherwise` when it is not given. */
export function isOn(flags: ReadonlyMap<string, readonly string[]>, name: string, otherwise: boolean): boolean {
  const value = flags.get(name)?.at(-1);
  return value === undefined ? otherwise : value === "true" || value === "1";
}
