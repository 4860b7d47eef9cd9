/** A refusal as the APIC words it (aci-objects 1.8). */
export interface ApicError {
  /** HTTP status. */
  readonly status: number;
  readonly code: string;
  readonly text: string;
}

/** An outcome as a value. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ApicError };

/** A good outcome. */
export function good<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

/** A refused request, HTTP 400. */
export function refused(code: string, text: string): { readonly ok: false; readonly error: ApicError } {
  return { ok: false, error: { status: 400, code, text } };
}

/** A request without valid credentials, HTTP 401 or 403. */
export function denied(status: 401 | 403, text: string): { readonly ok: false; readonly error: ApicError } {
  return { ok: false, error: { status, code: String(status), text } };
}

/** A managed object on the wire: one key, the class. */
export type WireObject = Readonly<Record<string, WireBody>>;

/** What stands under the class. */
export interface WireBody {
  readonly attributes: Readonly<Record<string, string>>;
  readonly children?: readonly WireObject[];
}

/** The body of every JSON answer (aci-objects 1.5). */
export interface WireAnswer {
  readonly totalCount: string;
  readonly imdata: readonly WireObject[];
}

/** The body of an answer that refuses. */
export function errorBody(error: ApicError): WireAnswer {
  return { totalCount: "1", imdata: [{ error: { attributes: { code: error.code, text: error.text } } }] };
}

/** The body of an answer that holds objects; the total differs from the list when pages are asked for. */
export function answerBody(imdata: readonly WireObject[], total = imdata.length): WireAnswer {
  return { totalCount: String(total), imdata };
}
