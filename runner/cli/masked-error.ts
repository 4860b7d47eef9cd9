import { mask, type Secret } from "../secret.ts";

/** A bug's error without the secrets that its text or stack may hold; its message and stack may end up on the screen. */
export function maskedError(error: unknown, secrets: Iterable<Secret>): Error {
  const known = [...secrets];
  const text = error instanceof Error ? error.message : String(error);
  const masked = new Error(mask(text, known));
  if (error instanceof Error && error.stack !== undefined) masked.stack = mask(error.stack, known);
  return masked;
}
