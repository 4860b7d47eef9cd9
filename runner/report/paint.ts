import { styleText } from "node:util";
import type { TaskStatus } from "../event.ts";
import type { ChangeLine } from "./change-lines.ts";

/** Colours of the terminal, or none. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly status: (text: string, status: TaskStatus) => string;
  readonly change: (line: ChangeLine) => string;
}

type Style = "green" | "yellow" | "red" | "cyan" | "dim" | "magenta";

const statusStyles: Readonly<Record<TaskStatus, Style>> = {
  ok: "green",
  changed: "yellow",
  skipped: "cyan",
  failed: "red",
  unreachable: "red",
  unknown: "magenta",
};

const changeStyles: Readonly<Record<ChangeLine["kind"], Style>> = {
  create: "green",
  added: "green",
  modify: "yellow",
  run: "yellow",
  delete: "red",
  removed: "red",
  context: "dim",
};

/** Colours when they are wanted; the caller has looked at `NO_COLOR`. */
export function paintFor(color: boolean): Paint {
  const style = (name: Style | "bold", text: string) => (color ? styleText(name, text) : text);
  return {
    bold: (text) => style("bold", text),
    dim: (text) => style("dim", text),
    status: (text, status) => style(statusStyles[status], text),
    change: ({ kind, text }) => style(changeStyles[kind], text),
  };
}
