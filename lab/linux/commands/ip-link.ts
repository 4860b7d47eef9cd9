import { fail, ok } from "../command.ts";
import { macOf } from "../installed.ts";
import { addBond, addVlan, BOND_DEFAULTS, changeLink, deleteLink, enslave, release, setAdmin, setMtu } from "../link-changes.ts";
import { isUp, type Link } from "../network.ts";
import { answerOf, type IpObject, keywords, NOT_PERMITTED } from "./ip-object.ts";
import { flagsOf, linkJson, linkText, operstate } from "./ip-show.ts";

/** `ip link show|set|add|delete`. */
export const ipLink: IpObject = (call, options, args) => {
  const [verb = "show", ...rest] = args;
  if (verb === "show" || verb === "list" || verb === "ls") return show(call, options, rest);
  if (!["set", "add", "delete", "del"].includes(verb)) return fail(255, `Command "${verb}" is unknown, try "ip link help".`);
  if (call.user !== "root") return NOT_PERMITTED;
  const refusal = verb === "set" ? set(call, rest) : verb === "add" ? add(call, rest) : removeLink(call, rest);
  call.machine.changed();
  return answerOf(refusal);
};

const show: IpObject = ({ machine: { network } }, options, args) => {
  const { given, rest } = keywords(args, ["dev", "type", "master"]);
  const name = given.get("dev") ?? rest[0];
  let links: Link[] = [...network.links.values()];
  if (name !== undefined) links = links.filter((link) => link.name === name);
  if (name !== undefined && links.length === 0) return fail(1, `Device "${name}" does not exist.`);
  const type = given.get("type");
  const master = given.get("master");
  if (type !== undefined) links = links.filter((link) => link.kind === type);
  if (master !== undefined) links = links.filter((link) => link.master === master);
  if (options.json) return ok(`${JSON.stringify(links.map((link) => linkJson(network, link, options.details)))}\n`);
  if (options.brief) return ok(links.map((link) => briefText(link, isUp(network, link.name))).join(""));
  return ok(links.map((link) => linkText(network, link)).join(""));
};

function briefText(link: Link, up: boolean): string {
  const name = link.vlan === undefined ? link.name : `${link.name}@${link.vlan.parent}`;
  return `${name.padEnd(16)} ${operstate(link, up).padEnd(14)} ${link.mac} <${flagsOf(link, up).join(",")}> \n`;
}

type Call = Parameters<IpObject>[0];

function set({ machine: { network } }: Call, args: readonly string[]): string | undefined {
  const { given, rest } = keywords(args, ["dev", "mtu", "master", "address"]);
  const words = [...rest];
  const name = given.get("dev") ?? words.shift() ?? "";
  if (!network.links.has(name)) return `Cannot find device "${name}"`;
  const mtu = given.get("mtu");
  const master = given.get("master");
  const address = given.get("address");
  if (mtu !== undefined && !/^\d+$/.test(mtu)) return `Error: argument "${mtu}" is wrong: Invalid "mtu" value`;
  const steps: (string | undefined)[] = [];
  if (mtu !== undefined) steps.push(setMtu(network, name, Number(mtu)));
  if (master !== undefined) steps.push(enslave(network, name, master));
  if (address !== undefined) changeLink(network, name, { mac: address });
  for (const word of words) {
    if (word === "up" || word === "down") steps.push(setAdmin(network, name, word === "up"));
    else if (word === "nomaster") steps.push(release(network, name));
    else steps.push(`Error: either "dev" is duplicate, or "${word}" is a garbage.`);
  }
  return steps.find((step) => step !== undefined);
}

function add({ machine: { network, spec } }: Call, args: readonly string[]): string | undefined {
  const { given, rest } = keywords(args, ["name", "link", "type", "id", "mode", "miimon", "xmit_hash_policy", "lacp_rate"]);
  const name = given.get("name") ?? rest[0] ?? "";
  switch (given.get("type")) {
    case "vlan":
      return addVlan(network, name, given.get("link") ?? "", Number(given.get("id")));
    case "bond": {
      const settings = {
        ...BOND_DEFAULTS,
        mode: given.get("mode") ?? BOND_DEFAULTS.mode,
        miimon: Number(given.get("miimon") ?? 0),
        lacpRate: given.get("lacp_rate") ?? BOND_DEFAULTS.lacpRate,
        transmitHashPolicy: given.get("xmit_hash_policy") ?? BOND_DEFAULTS.transmitHashPolicy,
      };
      return addBond(network, name, settings, macOf(spec.name, name));
    }
    default:
      return "RTNETLINK answers: Operation not supported";
  }
}

function removeLink({ machine: { network } }: Call, args: readonly string[]): string | undefined {
  const { given, rest } = keywords(args, ["dev", "type"]);
  return deleteLink(network, given.get("dev") ?? rest[0] ?? "");
}
