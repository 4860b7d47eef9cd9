import { type Static, Type } from "typebox";

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
