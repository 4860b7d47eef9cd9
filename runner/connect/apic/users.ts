import { ok, type Result } from "../../result.ts";
import type { ApicReader, FoundObject, Use } from "../managed-object.ts";
import { propertyOf } from "./class-table.ts";
import { isWithin, ownedRoot } from "./dn.ts";
import type { PolicyCache } from "./policy-cache.ts";

/** DNs of the objects that use something now; in check mode as they will be after the tasks before. */
export type FindUsers = (uses: readonly Use[]) => Promise<Result<readonly string[]>>;

/**
 * Asks the controller with one class query for each way of use: users may be anywhere, and reading every tenant for them is out of the
 * question. In check mode (`projected`) plans were laid over what was read, and there the plan is right, not the controller.
 */
export function userFinder(reader: ApicReader, cache: PolicyCache, projected: boolean): FindUsers {
  const find = async (use: Use): Promise<Result<readonly string[]>> => {
    const answered = await reader.class(use.className, { "query-target-filter": filterOf(use) });
    if (!answered.ok) return answered;
    const live = answered.value.filter((object) => isUser(object, use));
    if (!projected) return ok(live.map(({ dn }) => dn));
    const planned = cache.known.ofClass(use.className).filter((object) => isUser(object, use));
    return ok([...live.filter(({ dn }) => !cache.covers(ownedRoot(dn))), ...planned].map(({ dn }) => dn));
  };

  return async (uses) => {
    const users = new Set<string>();
    for (const result of await Promise.all(uses.map(find))) {
      if (!result.ok) return result;
      for (const dn of result.value) users.add(dn);
    }
    return ok([...users].sort());
  };
}

function isUser(object: Pick<FoundObject, "className" | "dn" | "attributes">, use: Use): boolean {
  if (use.within !== undefined && !isWithin(object.dn, use.within)) return false;
  const value = propertyOf(object, use.property) ?? "";
  switch (use.match) {
    case "is":
      return value === use.value;
    case "begins":
      return value.startsWith(use.value);
    case "ends":
      return value.endsWith(use.value);
  }
}

/** `wcard` is a search with a regular expression (facts 1.4): what has a meaning in one stands for any character, and is checked here. */
function filterOf({ className, property, value, match }: Use): string {
  if (match === "is") return `eq(${className}.${property},"${value}")`;
  return `wcard(${className}.${property},"${value.replace(/[^\w/:-]/g, ".")}")`;
}
