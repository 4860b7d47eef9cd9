import { failed, ok, type Result } from "../../result.ts";
import type { ManagedObject, Members } from "../managed-object.ts";
import { isWithin, parentDn, relativeNames } from "./dn.ts";
import type { KnownObject, Snapshot } from "./snapshot.ts";

/**
 * Objects that are known by their members: resources below one that exists under another name are moved to it, and its own properties are
 * left alone. Fails when a member belongs to another object of the class, or the name is taken by one with other members.
 */
export function byMembers(resources: readonly ManagedObject[], known: Snapshot): Result<readonly ManagedObject[]> {
  let renamed = resources;
  for (const wanted of resources) {
    const { members } = wanted;
    if (members === undefined) continue;
    const siblings = known.children(parentDn(wanted.dn) ?? "", wanted.className);
    const same = siblings.find(({ dn }) => isSame(dn, members, known));
    if (same !== undefined) {
      renamed = renamed.map((resource) => moved(resource, wanted, same));
      continue;
    }
    const other = siblings.find(({ dn }) =>
      namesBelow(dn, members, known).some((name) => dn === wanted.dn || members.names.includes(name)),
    );
    if (other !== undefined && wanted.state === "present") return inAnother(wanted, members, other, known);
  }
  return ok(renamed);
}

function isSame(dn: string, members: Members, known: Snapshot): boolean {
  return namesBelow(dn, members, known).sort().join() === [...members.names].sort().join();
}

function namesBelow(dn: string, { className }: Members, known: Snapshot): string[] {
  return known.children(dn, className).map((child) => relativeNames(child.dn).at(-1) ?? "");
}

function moved(resource: ManagedObject, wanted: ManagedObject, to: KnownObject): ManagedObject {
  if (!isWithin(resource.dn, wanted.dn)) return resource;
  const dn = to.dn + resource.dn.slice(wanted.dn.length);
  return resource.dn === wanted.dn ? { ...resource, dn, properties: {} } : { ...resource, dn };
}

function inAnother(wanted: ManagedObject, members: Members, other: KnownObject, known: Snapshot): Result<never> {
  const names = namesBelow(other.dn, members, known);
  const shared = names.filter((name) => members.names.includes(name));
  const taken = shared.length > 0 ? `${shared.join(" and ")} is already in` : "the name is taken by";
  return failed({
    kind: "failed",
    doing: `planning ${wanted.dn}`,
    message: `${taken} ${other.dn}, which holds ${names.sort().join(" and ")}`,
    meaning: `${wanted.className} is never changed or moved: traffic of everything that hangs on it would stop`,
    next: "use the members as they are paired, or have the owner of the object named dissolve it first",
  });
}
