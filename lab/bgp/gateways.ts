import type { LabNodeState } from "../parts.ts";
import type { LeafSvi } from "./fabric-side.ts";
import { defaultGateway, type NodeAddress, separation } from "./node-side.ts";
import { FAMILIES, type Family, familyOf, withoutLength } from "./prefix.ts";

/** Which leaves' addresses answer a node, and what is wrong with its default gateways. */
export interface NodeGateways {
  readonly node: string;
  /** Primary and secondary addresses of the SVIs on its segments, with the largest packet that every leaf with this address takes. */
  readonly answering: ReadonlyMap<string, number>;
  /** One for each family of the node whose default gateway does not answer. */
  readonly problems: readonly string[];
}

/** Only a primary or secondary address of an SVI on the node's own segment answers ARP and neighbour discovery (paper step 6). */
export function gatewaysOf(
  node: string,
  state: LabNodeState | undefined,
  addresses: readonly NodeAddress[],
  svis: readonly LeafSvi[],
): NodeGateways {
  if (state === undefined || addresses.length === 0) return { node, answering: new Map(), problems: ["no link to a leaf is up"] };
  const ports = new Set(addresses.flatMap((own) => own.ports));
  const near = svis.filter((svi) => [...ports].some((port) => svi.ports.has(port)));
  const onSegment = near.filter((svi) => addresses.some((own) => separation(own, svi) === undefined));
  const answering = new Map<string, number>();
  for (const svi of onSegment) {
    for (const address of [svi.address, ...svi.secondaries].map(withoutLength)) {
      answering.set(address, Math.min(svi.mtu, answering.get(address) ?? svi.mtu));
    }
  }
  const families = FAMILIES.filter((family) => addresses.some((own) => isGlobal(own.address, family)));
  const problems = families.flatMap((family) => {
    const gateway = defaultGateway(state, family);
    if (gateway === undefined) return ["no default route"];
    if (answering.has(withoutLength(gateway))) return [];
    const has = onSegment.some((svi) => svi.family === family);
    return [has ? `no leaf has the address ${gateway}` : "no SVI on the node's VLAN and subnet"];
  });
  return { node, answering, problems };
}

/** Link-local IPv6 addresses need no gateway. */
function isGlobal(address: string, family: Family): boolean {
  return familyOf(address) === family && !address.toLowerCase().startsWith("fe80:");
}
