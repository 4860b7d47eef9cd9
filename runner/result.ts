/**
 * Why something could not be done. Shown in this order: what was being done, what came back, what it usually means, what to do
 * next (design section 6). Free of secrets: whoever builds it has masked what came from outside.
 */
export interface Failure {
  /** `unreachable` when the host could not be spoken to at all; everything else is `failed`. */
  readonly kind: "failed" | "unreachable";
  /** What was asked, in the protocol's own words: `POST /api/mo/uni/tn-prod.json`, `sudo netplan apply`. */
  readonly doing: string;
  /** What came back: status, code and text as the server gave it, or the system's error. */
  readonly message: string;
  /** What this usually means, when it is known. */
  readonly meaning?: string;
  /** What to do next. */
  readonly next?: string;
}

/** An outcome as a value: exceptions are for bugs only (design section 12). */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** A good outcome. */
export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** A bad outcome. */
export function failed(failure: Failure): Result<never> {
  return { ok: false, failure };
}
