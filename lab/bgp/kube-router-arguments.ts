import type { LabKubeObject } from "../parts.ts";
import { listAt, textsAt } from "./kube-read.ts";
import { imageTag, isAtLeast } from "./speaker.ts";

/** What the command line of a kube-router pod says about BGP (facts cni.md 2.2). */
export interface KubeRouterArguments {
  /** Value of a flag, the last one given; a bare flag is `true`. */
  text(flag: string): string | undefined;
  isOn(flag: string, byDefault: boolean): boolean;
  /** Items of a list flag, which may also be given several times. */
  list(flag: string): readonly string[];
}

/** Reads a pod's arguments. Undefined when kube-router ends at once: from 2.11 it takes no word that is not a flag. */
export function kubeRouterArguments(pod: LabKubeObject): KubeRouterArguments | undefined {
  const container = listAt(pod, "spec", "containers")[0];
  const words = [...textsAt(container, "command").slice(1), ...textsAt(container, "args")];
  if (words.some((word) => !word.startsWith("--")) && isAtLeast(imageTag(pod), 2, 11)) return undefined;
  const values = new Map<string, string[]>();
  for (const word of words) {
    const match = /^--([^=]+)(?:=(.*))?$/.exec(word);
    const flag = match?.[1];
    if (flag !== undefined) values.set(flag, [...(values.get(flag) ?? []), match?.[2] ?? "true"]);
  }
  return {
    text: (flag) => values.get(flag)?.at(-1),
    isOn: (flag, byDefault) => {
      const value = values.get(flag)?.at(-1);
      return value === undefined ? byDefault : ["true", "1", "t", "T", "TRUE", "True"].includes(value);
    },
    list: (flag) =>
      (values.get(flag) ?? [])
        .flatMap((value) => value.split(","))
        .map((item) => item.trim())
        .filter((item) => item !== ""),
  };
}
