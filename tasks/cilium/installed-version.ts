import type { ClusterReader, KubeObject } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { ok, type Result } from "../../runner/result.ts";
import { parseVersion, type Version } from "../cni/version.ts";

/** A version with the text it was read from. */
export interface InstalledVersion {
  /** `1.19.6` */
  readonly text: string;
  readonly version: Version;
}

/**
 * The version of Cilium in a cluster, from DaemonSet `cilium` or, where its image has a tag of somebody's own, from the helm release of
 * this name. undefined: cannot be told.
 */
export async function installedVersion(reader: ClusterReader, namespace: string): Promise<Result<InstalledVersion | undefined>> {
  const reference = { apiVersion: "apps/v1", kind: "DaemonSet", name: "cilium", namespace };
  const found = await reader.objects([reference]);
  if (!found.ok) return found;
  const [daemonSet] = found.value;
  if (daemonSet === undefined) return ok(undefined);
  const running = versionOfImage(imageOf(daemonSet));
  if (running !== undefined) return ok(running);
  const release = await reader.release("cilium", namespace);
  return release.ok ? ok(versionOfText(release.value?.version)) : release;
}

/** Reads the tag of an image: `quay.io/cilium/cilium:v1.19.6@sha256:…`. A digest alone says nothing. */
function versionOfImage(image: string | undefined): InstalledVersion | undefined {
  const [name = ""] = image?.split("@") ?? [];
  return versionOfText(/:([^:/]+)$/.exec(name)?.[1]);
}

function versionOfText(text: string | undefined): InstalledVersion | undefined {
  const version = text === undefined ? undefined : parseVersion(text);
  return text === undefined || version === undefined ? undefined : { text: text.replace(/^v/, ""), version };
}

/** Image of the agent's container. */
function imageOf({ spec }: KubeObject): string | undefined {
  const template = isObject(spec) ? spec.template : undefined;
  const pod = isObject(template) ? template.spec : undefined;
  const containers: unknown = isObject(pod) ? pod.containers : undefined;
  const agent = Array.isArray(containers) ? containers.filter(isObject).find(({ name }) => name === "cilium-agent") : undefined;
  return typeof agent?.image === "string" ? agent.image : undefined;
}
