import { type Command, fail } from "../command.ts";
import { ipAddress } from "./ip-address.ts";
import { ipLink } from "./ip-link.ts";
import { ipNeighbour } from "./ip-neighbour.ts";
import { ipRoute } from "./ip-route.ts";

/** What stands between `ip` and its object. */
export interface IpOptions {
  readonly json: boolean;
  readonly details: boolean;
  readonly brief: boolean;
  readonly family: 4 | 6 | undefined;
}

/** An `ip` object with its own arguments, `show dev eno1`. */
export type IpObject = (call: Parameters<Command>[0], options: IpOptions, args: readonly string[]) => ReturnType<Command>;

const OBJECTS: readonly (readonly [name: string, object: IpObject])[] = [
  ["address", ipAddress],
  ["addr", ipAddress],
  ["link", ipLink],
  ["route", ipRoute],
  ["neighbor", ipNeighbour],
  ["neighbour", ipNeighbour],
];

/** ip(8) of iproute2 6.1: address, link, route, neighbour; objects may be shortened as there (`a`, `l`, `r`, `n`). */
export const ip: Command = (call) => {
  const at = call.args.findIndex((arg) => !arg.startsWith("-"));
  const flags = at < 0 ? call.args : call.args.slice(0, at);
  const name = at < 0 ? "" : (call.args[at] ?? "");
  const object = OBJECTS.find(([full]) => name !== "" && full.startsWith(name))?.[1];
  if (object === undefined)
    return fail(
      1,
      name === "" ? "Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }" : `Object "${name}" is unknown, try "ip help".`,
    );
  let options: IpOptions = { json: false, details: false, brief: false, family: undefined };
  for (const flag of flags) {
    const known = readFlag(flag);
    if (known === undefined) return fail(255, `Option "${flag}" is unknown, try "ip -help".`);
    options = { ...options, ...known };
  }
  return object(call, options, call.args.slice(at + 1));
};

function readFlag(flag: string): Partial<IpOptions> | undefined {
  switch (flag.replace(/^--/, "-")) {
    case "-j":
    case "-json":
      return { json: true };
    case "-d":
    case "-details":
      return { details: true };
    case "-br":
    case "-brief":
      return { brief: true };
    case "-4":
      return { family: 4 };
    case "-6":
      return { family: 6 };
    case "-p":
    case "-pretty":
    case "-s":
    case "-stats":
    case "-c":
      return {};
    default:
      return undefined;
  }
}

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
