/** What the command tells the shell (design section 6). The README lists them for users. */
export const exitCodes = {
  done: 0,
  internalError: 1,
  hostFailed: 2,
  hostUnreachable: 3,
  /** Usage, schema, undefined variable: nothing was connected. */
  refused: 4,
  /** Only with `--check --exit-code`. */
  changesFound: 5,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
