import { type Command, fail } from "../command.ts";

/** What stands between `ip` and its object. */
export interface IpOptions {
  readonly json: boolean;
  readonly details: boolean;
  readonly brief: boolean;
  readonly family: 4 | 6 | undefined;
}

/** An `ip` object with its own arguments, `show dev eno1`. */
export type IpObject = (call: Parameters<Command>[0], options: IpOptions, args: readonly string[]) => ReturnType<Command>;

/** iproute2 reports what the kernel refused with exit code 2, an unknown device with 1. */
export function answerOf(refusal: string | undefined): ReturnType<typeof fail> {
  if (refusal === undefined) return { exitCode: 0, stdout: "", stderr: "" };
  const own =
    refusal.startsWith("Cannot find device") || refusal.startsWith("Error: argument") || refusal.startsWith("Error: any valid");
  return fail(own ? 1 : 2, refusal);
}

/** What iproute2 says to a user without CAP_NET_ADMIN. */
export const NOT_PERMITTED = fail(2, "RTNETLINK answers: Operation not permitted");

/** Keyword arguments, `{dev: "eno1", mtu: "9000"}`; words that are not in `names` are left over. */
export function keywords(
  args: readonly string[],
  names: readonly string[],
): { readonly given: ReadonlyMap<string, string>; readonly rest: readonly string[] } {
  const given = new Map<string, string>();
  const rest: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? "";
    if (names.includes(word)) given.set(word, args[++at] ?? "");
    else rest.push(word);
  }
  return { given, rest };
}
