/** A place in an input file. Lines and columns count from 1, as editors do. */
export interface SourceRange {
  /** Path as the user named it, or relative to the working directory. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Length of what is meant, in characters on that line (for the caret line); 1 when unknown. */
  readonly length: number;
}

/** Something wrong (or doubtful) with the user's input, found before anything was connected. Exit code 4. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  /** Stable name of the rule, such as `unknown-key` or `overlapping-subnets`. */
  readonly rule: string;
  /** What is wrong, in one sentence, naming the value. */
  readonly message: string;
  readonly at?: SourceRange;
  /** What to do instead: `did you mean …`, the allowed values, the command to run. */
  readonly hint?: string;
  /** Other places that take part: the first of two duplicates, the chain of an import cycle. */
  readonly related?: readonly { readonly message: string; readonly at: SourceRange }[];
}

/** An error with its place and, when there is one, a hint. */
export function errorAt(at: SourceRange | undefined, rule: string, message: string, hint?: string): Diagnostic {
  return { severity: "error", rule, message, ...(at === undefined ? {} : { at }), ...(hint === undefined ? {} : { hint }) };
}

/** Whether two places start at the same character. */
export function samePlace(a: SourceRange, b: SourceRange): boolean {
  return a.file === b.file && a.line === b.line && a.column === b.column;
}
