import { readFileSync } from "node:fs";
import path from "node:path";
import { isObject } from "../../runner/json.ts";
import { packageRoot } from "../../runner/package-root.ts";
import { type FoundNetwork, readNetwork } from "../../tasks/node/found-network.ts";
import type { WantedNetwork } from "../../tasks/node/wanted-network.ts";

/** The paper's first node. */
export const bonded: WantedNetwork = {
  members: ["eno1", "eno2"],
  bond: "bond0",
  vlan: { id: 310, name: "bond0.310" },
  mtu: 9000,
  addresses: ["192.168.2.1/24"],
  gateways: ["192.168.2.254"],
  nameservers: [],
};

/** Output of `ip -j -d addr` and `ip -j -4|-6 route show default` with all the fields iproute2 6.1 prints; `edit` changes links by name. */
export function kernel(
  name: string,
  edit: Readonly<Record<string, object>> = {},
  routes?: readonly object[],
  routes6: readonly object[] = [],
): FoundNetwork {
  const recorded: unknown = JSON.parse(readFileSync(path.join(packageRoot, "test/fixtures/node", `${name}.json`), "utf8"));
  if (!isObject(recorded) || !Array.isArray(recorded.links)) throw new Error(`${name}.json has no links`);
  const links = recorded.links.map((link: unknown) => {
    if (!isObject(link) || typeof link.ifname !== "string") throw new Error(`${name}.json: a link without a name`);
    return { ...link, ...edit[link.ifname] };
  });
  const output = (value: unknown) => ({ exitCode: 0, stdout: JSON.stringify(value), stderr: "" });
  const found = readNetwork(output(links), [
    { family: 4, output: output(routes ?? recorded.routes) },
    { family: 6, output: output(routes6) },
  ]);
  if (!found.ok) throw new Error(found.failure.message);
  return found.value;
}
