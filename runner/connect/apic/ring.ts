import type { Controller } from "./options.ts";

/**
 * Which controller the session talks to. All requests share it: the session stays with one that works and moves on when that one
 * does not, once for all requests that saw it fail.
 */
export interface ControllerRing {
  current(): Controller;
  /** Moves to the next one, unless another request has moved away from `from` already. */
  leave(from: Controller): void;
  readonly size: number;
}

/** A ring that starts with the first controller. An inventory has at least one. */
export function controllerRing(controllers: readonly Controller[]): ControllerRing {
  let index = 0;
  const current = (): Controller => {
    const controller = controllers[index % controllers.length];
    if (controller === undefined) throw new Error("a session needs at least one controller");
    return controller;
  };
  return {
    current,
    leave: (from) => {
      if (current() === from) index++;
    },
    size: controllers.length,
  };
}
