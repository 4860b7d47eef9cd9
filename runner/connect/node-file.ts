import { diffLines } from "diff";
import type { Change } from "../change.ts";
import type { Json } from "../json.ts";
import { mask, type Secret } from "../secret.ts";
import type { NodeFile } from "./node.ts";

/** A file as it was found. */
export interface FoundFile {
  readonly content: string;
  /** Octal text of four digits, `0600`. */
  readonly mode: string;
}

/** `file /etc/netplan/90-underlay.yaml`, the target of a change of a file. */
export function fileTarget(path: string): string {
  return `file ${path}`;
}

/** The change that makes a file what is wanted: none or one. Before and after hold only the lines that differ. */
export function fileChange(wanted: NodeFile, found: FoundFile | undefined, secrets: Iterable<Secret> = []): readonly Change[] {
  const target = fileTarget(wanted.path);
  const shown = (file: { readonly mode?: string; readonly content?: string }): Json =>
    file.content === undefined ? file : { ...file, content: mask(file.content, secrets) };
  if (wanted.state === "absent") {
    return found === undefined ? [] : [{ target, action: "delete", before: shown(found), after: null }];
  }
  const { content, mode } = wanted;
  if (found === undefined) return [{ target, action: "create", before: null, after: shown({ mode, content }) }];
  const lines = found.content === content ? undefined : differingLines(found.content, content);
  const otherMode = found.mode !== mode;
  if (lines === undefined && !otherMode) return [];
  return [
    {
      target,
      action: "modify",
      before: shown({ ...(otherMode ? { mode: found.mode } : {}), ...(lines === undefined ? {} : { content: lines.before }) }),
      after: shown({ ...(otherMode ? { mode } : {}), ...(lines === undefined ? {} : { content: lines.after }) }),
    },
  ];
}

/** The lines that only one of two texts has, in order. */
function differingLines(before: string, after: string): { readonly before: string; readonly after: string } {
  const parts = diffLines(before, after);
  return {
    before: parts.flatMap((part) => (part.removed ? [part.value] : [])).join(""),
    after: parts.flatMap((part) => (part.added ? [part.value] : [])).join(""),
  };
}
