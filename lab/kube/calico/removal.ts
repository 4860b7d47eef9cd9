import type { World } from "../controllers/world.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import type { ResourceType } from "../objects/resource-type.ts";
import { calicoApi, v3Kind } from "./aggregated-api.ts";
import { SYSTEM, tigeraStatuses } from "./kinds.ts";

function take(world: World, resource: ResourceType, namespace: string | undefined, name: string): void {
  const found = world.store.get(resource.storage, namespace, name);
  if (found !== undefined) world.store.remove(resource.storage, found);
}

/** What the operator does when its Installation was deleted: Calico goes, with its namespace and the pools it made. */
export function removeCalico(world: World): void {
  take(world, builtinOf("Namespace"), undefined, SYSTEM);
  world.store.removeNamespace(SYSTEM);
  for (const name of ["calico", "ippools"]) take(world, tigeraStatuses, undefined, name);
  for (const kind of ["IPPool", "BlockAffinity"]) {
    const { storage } = v3Kind(kind);
    for (const object of world.store.list(storage)) world.store.remove(storage, object);
  }
}

/** What the operator does when its APIServer was deleted: `projectcalico.org/v3` is no longer served. What was written in it stays. */
export function removeApi(world: World): void {
  take(world, builtinOf("APIService"), undefined, calicoApi.service);
  take(world, builtinOf("Deployment"), SYSTEM, "calico-apiserver");
  take(world, tigeraStatuses, undefined, "apiserver");
}
