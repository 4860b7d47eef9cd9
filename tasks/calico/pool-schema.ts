import { type Static, Type } from "#typebox";
import type { Refusal } from "../../runner/task.ts";

/** The pods' prefix in one family, and how it is cut up. */
export const Pool = Type.Object(
  {
    family: Type.Enum(["ipv4", "ipv6"], { description: "Names the pool: default-ipv4-ippool, default-ipv6-ippool" }),
    pod_subnet: Type.String({ format: "network", description: "Pod prefix; cannot change once made" }),
    block_size: Type.Integer({
      minimum: 20,
      maximum: 128,
      description: "Prefix length of a node's block: 20 to 32, or 116 to 128 for IPv6; cannot change once made",
    }),
  },
  { additionalProperties: false },
);

export type Pool = Static<typeof Pool>;

/** Name of the pool that the operator makes for a family. */
export function poolName(family: Pool["family"]): string {
  return `default-${family}-ippool`;
}

/** What Calico takes as block sizes (facts: Calico, section 1.2). */
const SIZES = { ipv4: { least: 20, most: 32 }, ipv6: { least: 116, most: 128 } } as const;

/** Refuses a pool that Calico would not take; `index` is its place in the argument `pools`. */
export function refusePool({ family, pod_subnet: subnet, block_size: size }: Pool, index: number): readonly Refusal[] {
  const at = (field: string) => ["pools", String(index), field];
  const { least, most } = SIZES[family];
  if (subnet.includes(":") !== (family === "ipv6")) {
    return [{ argument: at("pod_subnet"), message: `is ${subnet}, which is not of family ${family}` }];
  }
  if (size < least || size > most) {
    const hint = "IPv4: 26 is Calico's own choice; IPv6: 122";
    return [{ argument: at("block_size"), message: `must be ${least} to ${most} for ${family}`, hint }];
  }
  if (Number(subnet.split("/")[1]) <= size) return [];
  return [{ argument: at("block_size"), message: `is /${size}, and ${subnet} is smaller than one such block` }];
}
