import { existsSync } from "node:fs";
import path from "node:path";
import { packageRoot } from "../package-root.ts";

/**
 * A playbook as the user named it: in the working directory, else among those that come with the package, so that
 * `playbooks/floating-svi-calico.yaml` works anywhere. A name found in neither is given back for the loader to refuse.
 */
export function playbookPath(name: string): string {
  if (existsSync(name)) return name;
  const shipped = path.join(packageRoot, name);
  return existsSync(shipped) ? shipped : name;
}

/**
 * The inventory of a playbook when none is given: `playbooks/<name>.yaml` has `inventory/lab/<name>.yaml` where there is one, every other the lab's
 * first. Both come with the package.
 */
export function defaultInventory(playbook: string): readonly string[] {
  if (path.basename(path.dirname(path.resolve(playbook))) !== "playbooks") return [];
  const name = `${path.parse(playbook).name}.yaml`;
  const own = path.join(packageRoot, "inventory", "lab", name);
  return existsSync(own) ? [own] : [];
}
