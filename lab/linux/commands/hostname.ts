import { type Command, ok } from "../command.ts";
import { hostPart } from "../network.ts";

/** hostname(1): the name, or with `-I` all addresses. */
export const hostname: Command = ({ machine, args }) => {
  if (args[0] !== "-I") return ok(`${machine.spec.name}\n`);
  const links = [...machine.network.links.values()].filter((link) => link.kind !== "loopback");
  return ok(`${links.flatMap((link) => link.addresses.map(hostPart)).join(" ")} \n`);
};
