import type { JsonObject } from "../../../runner/json.ts";
import { flag, labelSelector, listOf, object, oneOf, open, record, text } from "../schema/build.ts";
import { atLeast, type Release } from "../version.ts";
import { bgpSchema, peeringPolicy } from "./bgp-schemas.ts";

/** CiliumLoadBalancerIPPool: `cidrs` until 1.15, `blocks` from 1.15 (facts, cni.md 3.2). */
function pool(release: Release): JsonObject {
  const blocks = listOf(record({ cidr: text, start: text, stop: text }));
  const cidrs = { ...listOf(record({ cidr: text }, "cidr")), minItems: 1 };
  const fields = { serviceSelector: labelSelector, disabled: { ...flag, default: false } };
  if (!atLeast(release, 1, 15)) return object(record({ ...fields, cidrs }, "cidrs"));
  const allowFirstLastIPs = oneOf("Yes", "No");
  return object(record({ ...fields, blocks, allowFirstLastIPs, ...(atLeast(release, 1, 16) ? {} : { cidrs }) }));
}

/** Schema of a kind of Cilium's in one API version of a release. What agents write about a node is left open. */
export function schemaOf(kind: string, version: string, release: Release): JsonObject {
  if (kind === "CiliumLoadBalancerIPPool") return pool(release);
  // The specification of a policy may be left out.
  if (kind === "CiliumBGPPeeringPolicy") return { type: "object", properties: { spec: peeringPolicy(release) } };
  return bgpSchema(kind, version, release) ?? object(open);
}
