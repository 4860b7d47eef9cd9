import { fabricPathDn, type SviPathItem } from "../aci/svi-path.ts";
import { lies, plainPrefix } from "../verify/leaf-objects.ts";
import type { FoundPath } from "./allocation-evidence.ts";
import { error, type Finding } from "./finding.ts";

/** What the plan gives each node in one address family. */
export interface PlannedPaths {
  readonly interface_profile: string;
  readonly paths: readonly SviPathItem[];
}

const PIN =
  "keep what is in use with `underlay addresses plan --output yaml`, put into the inventory, and give new nodes what is free";

/**
 * A node's /29 and VLAN follow from its place in the inventory (paper, *Example standard SVI IP allocation*): a node that is put in between
 * moves those after it. What a node has already must be what the plan says, and what a joining node gets must be free.
 */
export function judgeAllocation(
  families: readonly PlannedPaths[],
  joining: readonly string[],
  pod: number,
  found: readonly FoundPath[],
): readonly Finding[] {
  return families.flatMap(({ interface_profile: profile, paths }) => {
    const here = found.filter((path) => path.profile === profile);
    return paths.flatMap((planned) => {
      const path = fabricPathDn(pod, planned);
      const own = here.find((one) => one.path === path);
      if (own !== undefined) return moved(planned, own);
      return joining.includes(planned.node)
        ? taken(
            planned,
            here.filter((one) => one.path !== path),
          )
        : [];
    });
  });
}

function moved(planned: SviPathItem, own: FoundPath): readonly Finding[] {
  const wanted = planned.addresses.map(plainPrefix);
  const same = own.vlan === planned.vlan && own.addresses.every((address) => wanted.includes(plainPrefix(address)));
  if (same) return [];
  return [
    error(
      `${planned.node} has VLAN ${own.vlan} and ${own.addresses.join(", ")} on the fabric (${own.path}), the inventory now gives it VLAN ${planned.vlan} ` +
        `and ${planned.addresses.join(", ")}: nodes were put before it in the inventory? ${PIN}`,
    ),
  ];
}

function taken(planned: SviPathItem, others: readonly FoundPath[]): readonly Finding[] {
  return others.flatMap((other) => {
    const sameVlan = other.vlan === planned.vlan;
    const overlaps = other.addresses.some((address) => planned.addresses.some((own) => lies(address, own) || lies(own, address)));
    if (!sameVlan && !overlaps) return [];
    const what = sameVlan ? `VLAN ${planned.vlan}` : `the subnet of ${planned.addresses[0] ?? ""}`;
    return [
      error(`${planned.node}: ${what} is in use on ${other.path} (VLAN ${other.vlan}, ${other.addresses.join(", ")}): ${PIN}`),
    ];
  });
}
