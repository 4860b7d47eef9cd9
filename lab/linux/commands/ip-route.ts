import { fail, ok } from "../command.ts";
import { addRoute, removeRoute } from "../link-changes.ts";
import { familyOf, type ListedRoute, mainTable, routeTo } from "../network.ts";
import { answerOf, type IpObject, keywords, NOT_PERMITTED } from "./ip-object.ts";

/** `ip [-4|-6] route show|get|add|replace|delete` in the main table; without a family IPv4, as ip(8). */
export const ipRoute: IpObject = (call, options, args) => {
  const [verb = "show", ...rest] = args;
  if (verb === "show" || verb === "list" || verb === "ls") return show(call, options, rest);
  if (verb === "get") return get(call, options, rest);
  if (!["add", "replace", "change", "delete", "del"].includes(verb))
    return fail(255, `Command "${verb}" is unknown, try "ip route help".`);
  if (call.user !== "root") return NOT_PERMITTED;
  const { given, rest: words } = keywords(rest, ["via", "dev", "metric", "proto", "src"]);
  const destination = named(words[0] ?? "");
  const gateway = given.get("via");
  const family = options.family ?? familyOf(gateway ?? words[0] ?? "");
  const device = given.get("dev");
  const { network } = call.machine;
  if (verb === "replace" || verb === "change")
    removeRoute(network, { family, destination, gateway: undefined, device: undefined });
  const metric = given.has("metric") ? Number(given.get("metric")) : undefined;
  const deleting = verb === "delete" || verb === "del";
  const refusal = deleting
    ? removeRoute(network, { family, destination, gateway, device })
    : addRoute(network, {
        family,
        destination,
        gateway,
        device,
        metric,
        protocol: given.get("proto") === "static" ? "static" : "boot",
      });
  call.machine.changed();
  return answerOf(refusal);
};

const show: IpObject = ({ machine: { network } }, options, args) => {
  const { given, rest } = keywords(args, ["dev", "table", "via", "proto"]);
  const destination = rest[0] === "exact" ? rest[1] : rest[0];
  const device = given.get("dev");
  const routes = mainTable(network).filter(
    (route) =>
      route.family === (options.family ?? 4) &&
      (device === undefined || route.device === device) &&
      (given.get("via") === undefined || route.gateway === given.get("via")) &&
      (destination === undefined || route.destination === named(destination)),
  );
  if (!options.json) return ok(routes.map(routeText).join(""));
  return ok(routes.length === 0 ? "[ ]\n" : `${JSON.stringify(routes.map(routeJson))}\n`);
};

const get: IpObject = ({ machine: { network } }, options, args) => {
  const address = args[0] ?? "";
  const route = routeTo(network, address);
  if (route === undefined) return fail(2, "RTNETLINK answers: Network is unreachable");
  const source = mainTable(network).find((other) => other.device === route.device && other.source !== undefined)?.source;
  const { gateway, device } = route;
  if (options.json)
    return ok(
      `${JSON.stringify([{ dst: address, ...(gateway ? { gateway } : {}), dev: device, prefsrc: source, flags: [] }])}\n`,
    );
  return ok(`${address}${gateway === undefined ? "" : ` via ${gateway}`} dev ${device} src ${source ?? ""} uid 0 \n    cache \n`);
};

/** How a route is listed: a destination of length 0 is the default. */
function named(destination: string): string {
  return destination === "0.0.0.0/0" || destination === "::/0" ? "default" : destination;
}

function routeJson(route: ListedRoute): Record<string, unknown> {
  return {
    dst: route.destination,
    ...(route.gateway === undefined ? {} : { gateway: route.gateway }),
    dev: route.device,
    protocol: route.protocol,
    ...(route.gateway === undefined ? { scope: "link" } : {}),
    ...(route.source === undefined ? {} : { prefsrc: route.source }),
    ...(route.metric === undefined ? {} : { metric: route.metric }),
    flags: [],
  };
}

function routeText(route: ListedRoute): string {
  const gateway = route.gateway === undefined ? "" : ` via ${route.gateway}`;
  const scope = route.gateway === undefined ? " scope link" : "";
  const source = route.source === undefined ? "" : ` src ${route.source}`;
  const metric = route.metric === undefined ? "" : ` metric ${route.metric}`;
  const protocol = route.protocol === "boot" ? "" : ` proto ${route.protocol}`;
  return `${route.destination}${gateway} dev ${route.device}${protocol}${scope}${source}${metric} \n`;
}
