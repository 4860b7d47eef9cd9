import type { ClusterReader, KubeObject } from "../../runner/connect/cluster.ts";
import type { Result } from "../../runner/result.ts";
import { ok } from "../../runner/result.ts";

/** All objects of one of Calico's resources (`ippools`): as its API serves it, else as it is stored. undefined: neither is there. */
export async function listKept(reader: ClusterReader, resource: string): Promise<Result<readonly KubeObject[] | undefined>> {
  for (const group of ["projectcalico.org", "crd.projectcalico.org"]) {
    const listed = await reader.list(`${resource}.${group}`);
    if (!listed.ok || listed.value !== undefined) return listed;
  }
  return ok(undefined);
}
