import { Address4, Address6 } from "ip-address";
import { type Command, fail, ok } from "../command.ts";
import { familyOf, hostPart, type Network, routeTo } from "../network.ts";
import { readOptions } from "../options.ts";

/** IP and ICMP headers, by family (RFC 791, 8200, 792, 4443). */
const HEADERS = { 4: 28, 6: 48 } as const;
/** Milliseconds an unanswered ping takes here, whatever `-W` says: tests should not wait for nothing. */
const UNANSWERED = 100;

/**
 * ping(8), both families: `-c -W -n -q -I -s -M do`. The node's own addresses answer, its default gateways when the fabric answers for them to a
 * packet of this size (a leaf drops one that is too big without a word); nobody else.
 */
export const ping: Command = async ({ machine, args, sleep }) => {
  const { rest, values, unknown } = readOptions(args, {
    flags: ["n", "q", "4", "6"],
    withValue: ["c", "W", "w", "s", "M", "I", "i"],
  });
  const [target = ""] = rest;
  if (unknown !== undefined) return fail(2, `ping: invalid option -- '${unknown.replace("-", "")}'`);
  if (!Address4.isValid(target) && !Address6.isValid(target))
    return fail(
      2,
      target === "" ? "ping: usage error: Destination address required" : `ping: ${target}: Name or service not known`,
    );
  const { network } = machine;
  const headers = HEADERS[familyOf(target)];
  const own = [...network.links.values()].some((link) => link.addresses.some((address) => hostPart(address) === target));
  const route = routeTo(network, target);
  if (!own && route === undefined) return fail(2, "ping: connect: Network is unreachable");
  const size = Number(values.get("s") ?? 56);
  const count = Number(values.get("c") ?? 1);
  const mtu = own ? 65536 : (network.links.get(route?.device ?? "")?.mtu ?? 1500);
  const head = `PING ${target} (${target}) ${size}(${size + headers}) bytes of data.\n`;
  const statistics = (received: number, errors = "") =>
    `\n--- ${target} ping statistics ---\n${count} packets transmitted, ${received} received${errors}, ` +
    `${received === count ? 0 : 100}% packet loss, time 0ms\n`;
  if (values.get("M") === "do" && size + headers > mtu) {
    return { ...fail(1, `ping: local error: message too long, mtu=${mtu}`), stdout: head + statistics(0, `, +${count} errors`) };
  }
  if (!own && !(isGateway(network, target) && machine.gatewayAnswers(target, size + headers))) {
    await sleep(UNANSWERED);
    return { ...fail(1, ""), stdout: head + statistics(0) };
  }
  const answers = Array.from(
    { length: count },
    (_, at) => `${size + 8} bytes from ${target}: icmp_seq=${at + 1} ttl=64 time=0.2 ms\n`,
  );
  return ok(head + answers.join("") + statistics(count));
};

function isGateway(network: Network, target: string): boolean {
  return network.routes.some((route) => route.destination === "default" && route.gateway === target);
}
