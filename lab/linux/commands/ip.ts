import { type Command, fail } from "../command.ts";
import { ipAddress } from "./ip-address.ts";
import { ipLink } from "./ip-link.ts";
import { ipNeighbour } from "./ip-neighbour.ts";
import type { IpObject, IpOptions } from "./ip-object.ts";
import { ipRoute } from "./ip-route.ts";

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
