import { Type } from "#typebox";
import { isObject } from "../../runner/json.ts";
import { ok } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { bareAddress } from "../calico/bare-address.ts";
import { ping, showDefaultRoutes } from "../node/commands.ts";

/** White paper, section "K8s node gateway": a node's default gateway is the secondary address of the SVI. */
export const nodeGateway = probeTask({
  name: "verify.node_gateway",
  summary: "The node's default route points at the gateway, and the gateway answers",
  steps: [],
  on: "node",
  args: Type.Object(
    {
      gateway: Type.String({ format: "ip", description: "Secondary address of the SVI (l3extIp.addr), without prefix length" }),
      timeout: Type.Integer({ minimum: 1, maximum: 3600, default: 60, description: "Seconds until it does" }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "The sessions do not need the gateway: leaves and nodes share a subnet. What leaves the subnet does, so a wrong secondary address shows only here.",
  ],
  example: `- name: The secondary address is the nodes' gateway
  verify.node_gateway:
    gateway: "{{ l3out.secondary_address | ipaddr('address') }}"`,
  observe: async (reader, { args: { gateway } }) => {
    const [routes, answer] = await Promise.all([
      reader.run(showDefaultRoutes(gateway.includes(":") ? 6 : 4)),
      reader.run(ping(gateway)),
    ]);
    if (!routes.ok) return routes;
    if (!answer.ok) return answer;
    const gateways = gatewaysIn(routes.value.stdout).map(bareAddress);
    const unmet: string[] = [];
    if (gateways.length === 0) unmet.push(`no default route: should point at ${gateway}`);
    else if (!gateways.includes(bareAddress(gateway)))
      unmet.push(`default route via ${gateways.join(", ")} instead of ${gateway}`);
    if (answer.value.exitCode !== 0) {
      unmet.push(
        `${gateway} does not answer: is it the secondary address on the leaves of the rack (step 6), is the VLAN right, and is the node cabled to these leaves?`,
      );
    }
    // The same for all nodes, so that it is told once: with a standard SVI each has a gateway of its own.
    return ok({ unmet, message: `the ${gateway.includes(":") ? "IPv6" : "IPv4"} gateway answers` });
  },
});

/** Gateways in the output of `ip -j route show default`. */
function gatewaysIn(stdout: string): string[] {
  const routes: unknown = stdout.trim() === "" ? [] : JSON.parse(stdout);
  if (!Array.isArray(routes)) return [];
  return routes.flatMap((route: unknown) => (isObject(route) && typeof route.gateway === "string" ? [route.gateway] : []));
}
