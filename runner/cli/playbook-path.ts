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
