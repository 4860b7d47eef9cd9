import type { JsonObject } from "../../../runner/json.ts";
import type { World } from "../controllers/world.ts";
import { type KubeObject, textAt, valueAt } from "../objects/kube-object.ts";
import { v3Kind } from "./aggregated-api.ts";
import { poolsOf } from "./installation.ts";
import { OPERATOR } from "./kinds.ts";

const OWNED = { "app.kubernetes.io/managed-by": "tigera-operator" };

/** Makes the Installation's pools, keeps them as it says and removes those it no longer lists. Gives what cannot be done. */
export function reconcilePools(world: World, installation: KubeObject): string | undefined {
  const resource = v3Kind("IPPool");
  const wanted = poolsOf(installation);
  for (const pool of wanted) {
    const name = textAt(pool, "name");
    const found = world.store.get(resource.storage, undefined, name);
    for (const field of ["cidr", "blockSize"]) {
      const before = valueAt(found, "spec", field);
      if (before !== undefined && before !== pool[field])
        return `cannot change ${field} of IPPool ${name} from ${before} to ${pool[field]}`;
    }
    world.ensure(resource, { name }, { metadata: { labels: OWNED }, spec: poolSpec(pool) }, OPERATOR);
  }
  const names = wanted.map((pool) => textAt(pool, "name"));
  for (const pool of world.store.list(resource.storage)) {
    const owned = pool.metadata.labels?.["app.kubernetes.io/managed-by"] === "tigera-operator";
    if (owned && !names.includes(pool.metadata.name)) world.store.remove(resource.storage, pool);
  }
  return undefined;
}

/** From the words of the Installation to those of an IPPool. */
function poolSpec(pool: JsonObject): JsonObject {
  const encapsulation = textAt(pool, "encapsulation");
  const mode = (tunnel: string) =>
    encapsulation === tunnel ? "Always" : encapsulation === `${tunnel}CrossSubnet` ? "CrossSubnet" : "Never";
  return {
    cidr: textAt(pool, "cidr"),
    blockSize: pool.blockSize ?? 26,
    ipipMode: mode("IPIP"),
    vxlanMode: mode("VXLAN"),
    natOutgoing: textAt(pool, "natOutgoing") === "Enabled",
    nodeSelector: textAt(pool, "nodeSelector"),
    disableBGPExport: pool.disableBGPExport ?? false,
    allowedUses: pool.allowedUses ?? [],
    assignmentMode: textAt(pool, "assignmentMode"),
  };
}
