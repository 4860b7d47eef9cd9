/** What a rule found. An error stops the run before anything is changed. */
export interface Finding {
  readonly severity: "error" | "warning";
  /** What was found, what it breaks with the section of the paper, what to do. */
  readonly message: string;
}

export const error = (message: string): Finding => ({ severity: "error", message });
export const warning = (message: string): Finding => ({ severity: "warning", message });

/** The messages of one severity, in order. */
export function messages(findings: readonly Finding[], severity: Finding["severity"]): readonly string[] {
  return findings.filter((finding) => finding.severity === severity).map(({ message }) => message);
}
