import { type Command, ok } from "../command.ts";
import { isUp } from "../network.ts";

/** networkctl(1), the list of links. */
export const networkctl: Command = ({ machine: { network } }) => {
  const rows = [...network.links.values()].map((link) => {
    const up = isUp(network, link.name);
    const operational =
      link.kind === "loopback"
        ? "carrier"
        : !up
          ? "off"
          : link.master !== undefined
            ? "enslaved"
            : link.addresses.length > 0
              ? "routable"
              : "carrier";
    const type = link.kind === "ethernet" ? "ether" : link.kind;
    const setup = link.netplan ? "configured" : "unmanaged";
    return `${String(link.index).padStart(3)} ${link.name.padEnd(16)} ${type.padEnd(9)} ${operational.padEnd(12)} ${setup}\n`;
  });
  return ok(`IDX LINK             TYPE      OPERATIONAL  SETUP\n${rows.join("")}\n${rows.length} links listed.\n`);
};
