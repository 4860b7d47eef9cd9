import { type Static, Type } from "#typebox";
import type { MoValue } from "../../runner/connect/managed-object.ts";
import type { Refusal } from "../../runner/task.ts";
import { Name } from "./arguments.ts";

/** One line of a contract's filter, destination side; answers pass because subjects reverse their filters (vzSubj.revFltPorts). */
export const FilterEntry = Type.Object(
  {
    name: Name("Entry (vzEntry.name)"),
    ether_type: Type.Optional(
      Type.Enum(["ip", "ipv4", "ipv6", "arp", "unspecified"], {
        description: "Kind of frame; default: what the protocol needs, without protocol everything (vzEntry.etherT)",
      }),
    ),
    protocol: Type.Optional(
      Type.Enum(["tcp", "udp", "icmp", "icmpv6", "unspecified"], { description: "Protocol (vzEntry.prot); default: any" }),
    ),
    port: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1, maximum: 65535 }), Type.String({ pattern: "^[0-9]{1,5}-[0-9]{1,5}$" })], {
        description: "Destination port, 80, or both ends of a range, 8000-8100 (vzEntry.dFromPort, dToPort); tcp and udp only",
      }),
    ),
  },
  { additionalProperties: false },
);

/** A line as the playbook says it. */
export type FilterEntry = Static<typeof FilterEntry>;

/** Properties of the entry's object (facts 5.1), all of them, so that one that was changed by hand is put right. */
export function entryProperties({ ether_type, protocol, port }: FilterEntry): Readonly<Record<string, MoValue>> {
  const [from, to] = portRange(port) ?? ["unspecified", "unspecified"];
  return {
    etherT: ether_type ?? etherTypeOf(protocol),
    prot: protocol ?? "unspecified",
    dFromPort: from,
    dToPort: to,
  };
}

/** What the controller would refuse or never match. */
export function entryRefusals(entries: readonly FilterEntry[]): Refusal[] {
  return entries.flatMap((entry, index): Refusal[] => {
    const refuse = (key: string, message: string): Refusal => ({ argument: ["entries", String(index), key], message });
    const { ether_type, protocol = "unspecified", port } = entry;
    const problems: Refusal[] = [];
    if (port !== undefined && protocol !== "tcp" && protocol !== "udp") {
      problems.push(refuse("port", "counts for tcp and udp only: say the protocol"));
    }
    const [from, to] = portRange(port) ?? [1, 1];
    if (from > to || from < 1 || to > 65535)
      problems.push(refuse("port", "is no range of ports: the lower one first, 1 to 65535"));
    const carries = ether_type === undefined || ether_type === "ip" || ether_type === "ipv4" || ether_type === "ipv6";
    if (protocol !== "unspecified" && !carries) {
      problems.push(refuse("ether_type", `carries no ${protocol}: leave it out, or say ip`));
    }
    return problems;
  });
}

function etherTypeOf(protocol: FilterEntry["protocol"]): string {
  switch (protocol) {
    case "tcp":
    case "udp":
      return "ip";
    case "icmp":
      return "ipv4";
    case "icmpv6":
      return "ipv6";
    case "unspecified":
    case undefined:
      return "unspecified";
  }
}

function portRange(port: FilterEntry["port"]): readonly [number, number] | undefined {
  if (port === undefined) return undefined;
  const [from = 0, to = from] = String(port).split("-").map(Number);
  return [from, to];
}
