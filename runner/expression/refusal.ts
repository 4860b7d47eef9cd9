import type { Plain } from "./tokens.ts";

/** What a filter answers when it cannot do what was asked. A thrown error would break the engine for good. */
export class Refusal {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

/** A filter: input, positional and named arguments. Undefined and none both arrive as null. */
export type Filter = (input: Plain, args: readonly Plain[], named: Readonly<Record<string, Plain>>) => Plain | Refusal;
