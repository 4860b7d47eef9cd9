import type { Client } from "ssh2";
import type { Failure } from "../../result.ts";

/** A logged-in connection. Once lost it stays lost; the session opens another. */
export interface Link {
  readonly client: Client;
  isOpen(): boolean;
  close(): void;
}

/** Why there is no link, and whether another try may go better. */
export type Dialled =
  | { readonly ok: true; readonly link: Link }
  | { readonly ok: false; readonly failure: Failure; readonly again: boolean };
