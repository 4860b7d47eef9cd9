import type { Handler } from "./load/model.ts";

/** The handlers that a notice (`notify`) means, for the check and the run: the one of that name, and all that listen to it. */
export function handlersFor(notice: string, handlers: readonly Handler[]): readonly Handler[] {
  return handlers.filter(({ name, listen }) => name === notice || listen.includes(notice));
}
