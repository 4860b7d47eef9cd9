import { fail, ok } from "../command.ts";
import { addAddress, changeLink, removeAddress } from "../link-changes.ts";
import { isUp, type Link } from "../network.ts";
import { answerOf, type IpObject, keywords, NOT_PERMITTED } from "./ip-object.ts";
import { addressJson, linkJson, linkText, operstate } from "./ip-show.ts";

/** `ip address show|add|delete|flush`. */
export const ipAddress: IpObject = (call, options, args) => {
  const [verb = "show", ...rest] = args;
  if (verb === "show" || verb === "list" || verb === "ls") return show(call, options, rest);
  if (!["add", "delete", "del", "flush"].includes(verb)) return fail(255, `Command "${verb}" is unknown, try "ip address help".`);
  if (call.user !== "root") return NOT_PERMITTED;
  const { given, rest: words } = keywords(rest, ["dev", "brd", "broadcast", "scope", "label"]);
  const { network } = call.machine;
  const name = given.get("dev") ?? "";
  const address = words[0] ?? "";
  if (verb === "flush") changeLink(network, name || address, { addresses: [] });
  const refusal =
    verb === "add" ? addAddress(network, name, address) : verb === "flush" ? undefined : removeAddress(network, name, address);
  call.machine.changed();
  return answerOf(refusal);
};

const show: IpObject = ({ machine: { network } }, options, args) => {
  const { given, rest } = keywords(args, ["dev", "scope"]);
  const name = given.get("dev") ?? rest[0];
  const all: Link[] = [...network.links.values()];
  const links = name === undefined ? all : all.filter((link) => link.name === name);
  if (links.length === 0) return fail(1, `Device "${name}" does not exist.`);
  if (options.json) {
    const shown = links.map((link) => ({
      ...linkJson(network, link, options.details),
      addr_info: addressJson(network, link, options.family),
    }));
    return ok(`${JSON.stringify(shown)}\n`);
  }
  const lines = links.map((link) => {
    const addresses = addressJson(network, link, options.family);
    if (options.brief) {
      const texts = addresses.map(({ local, prefixlen }) => `${local}/${prefixlen}`).join(" ");
      return `${link.name.padEnd(16)} ${operstate(link, isUp(network, link.name)).padEnd(14)} ${texts} \n`;
    }
    const texts = addresses.map((info) => {
      const broadcast = info.broadcast === undefined ? "" : ` brd ${info.broadcast}`;
      const label = info.label === undefined ? "" : ` ${info.label}`;
      return (
        `    ${info.family} ${info.local}/${info.prefixlen}${broadcast} scope ${info.scope}${label}\n` +
        "       valid_lft forever preferred_lft forever\n"
      );
    });
    return linkText(network, link).replace(" mode DEFAULT", "") + texts.join("");
  });
  return ok(lines.join(""));
};
