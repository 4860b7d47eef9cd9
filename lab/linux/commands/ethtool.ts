import { type Command, fail, ok } from "../command.ts";
import { isUp } from "../network.ts";

/** ethtool(8): speed, duplex and link of a device; `-i` its driver. */
export const ethtool: Command = ({ machine, args }) => {
  const name = args.at(-1) ?? "";
  const link = machine.network.links.get(name);
  if (link === undefined) return fail(1, "netlink error: no device matches name (offset 24)\nnetlink error: No such device");
  if (args[0] === "-i")
    return ok(`driver: ${link.kind === "bond" ? "bonding" : link.kind === "vlan" ? "802.1Q VLAN Support" : "ice"}\n`);
  const up = isUp(machine.network, name);
  const speed = up ? "25000Mb/s" : "Unknown!";
  return ok(
    `Settings for ${name}:\n\tSpeed: ${speed}\n\tDuplex: ${up ? "Full" : "Unknown! (255)"}\n\tAuto-negotiation: off\n\tLink detected: ${up ? "yes" : "no"}\n`,
  );
};
