import type { Json, JsonObject } from "../../../runner/json.ts";
import { familyOf } from "../addresses/prefix.ts";
import { isReady, suffix } from "../controllers/pods.ts";
import type { Controller, World } from "../controllers/world.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { isJsonObject, type KubeObject, listAt, objectAt, textAt, valueAt } from "../objects/kube-object.ts";
import { nameOf } from "./load-balancer.ts";

const MANAGER = "kube-controller-manager";

/** Endpoints that one slice holds (kube-controller-manager's --max-endpoints-per-slice). */
const SLICE = 100;

/**
 * The endpoint slices of every service with a selector: one for each family and hundred pods, with the pods that have an address, ready or
 * not (discovery.k8s.io/v1). Slices of services that are gone go too.
 */
export const keepEndpointSlices: Controller = (world) => {
  const slices = builtinOf("EndpointSlice");
  const pods = podsByNamespace(world);
  const wanted = new Set<string>();
  for (const service of world.store.list(builtinOf("Service").storage)) {
    const selector = Object.entries(objectAt(service, "spec", "selector"));
    if (selector.length === 0) continue;
    const { name, namespace = "default" } = service.metadata;
    const backends = (pods.get(namespace) ?? []).filter((pod) =>
      selector.every(([label, value]) => pod.metadata.labels?.[label] === value),
    );
    for (const family of listAt(service, "spec", "ipFamilies").map(String)) {
      const endpoints = backends.flatMap((pod) => endpointOf(pod, family));
      for (let start = 0; start === 0 || start < endpoints.length; start += SLICE) {
        const slice = `${name}-${suffix(`${service.metadata.uid} ${family} ${start}`)}`;
        wanted.add(`${namespace}/${slice}`);
        const part = endpoints.slice(start, start + SLICE);
        world.ensure(slices, { name: slice, namespace }, sliceOf(service, family, part, backends[0]), MANAGER);
      }
    }
  }
  for (const slice of world.store.list(slices.storage)) {
    const made = slice.metadata.labels?.["endpointslice.kubernetes.io/managed-by"] === "endpointslice-controller.k8s.io";
    if (made && !wanted.has(nameOf(slice))) world.store.remove(slices.storage, slice);
  }
};

function podsByNamespace(world: World): ReadonlyMap<string, readonly KubeObject[]> {
  const found = new Map<string, KubeObject[]>();
  for (const pod of world.store.list(builtinOf("Pod").storage)) {
    const { namespace = "default" } = pod.metadata;
    const others = found.get(namespace);
    if (others === undefined) found.set(namespace, [pod]);
    else others.push(pod);
  }
  return found;
}

function endpointOf(pod: KubeObject, family: string): readonly Json[] {
  const address = listAt(pod, "status", "podIPs")
    .map((entry) => textAt(entry, "ip"))
    .find((ip) => familyOf(ip) === family);
  if (address === undefined) return [];
  const ready = isReady(pod);
  const { name, namespace = "", uid = "" } = pod.metadata;
  return [
    {
      addresses: [address],
      conditions: { ready, serving: ready, terminating: false },
      nodeName: textAt(pod, "spec", "nodeName"),
      targetRef: { kind: "Pod", name, namespace, uid },
    },
  ];
}

function sliceOf(service: KubeObject, family: string, endpoints: readonly Json[], pod: KubeObject | undefined): JsonObject {
  const { name, uid = "", labels = {} } = service.metadata;
  const owner = { apiVersion: "v1", kind: "Service", name, uid, controller: true, blockOwnerDeletion: true };
  const own = {
    "kubernetes.io/service-name": name,
    "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
  };
  return {
    metadata: { labels: { ...labels, ...own }, ownerReferences: [owner] },
    addressType: family,
    endpoints,
    ports: listAt(service, "spec", "ports")
      .filter(isJsonObject)
      .map((port) => portOf(port, pod)),
  };
}

/** A service's port as the pods know it: a target port by name is looked up in the pod. */
function portOf(port: JsonObject, pod: KubeObject | undefined): JsonObject {
  const target = port.targetPort ?? port.port ?? null;
  const ports = listAt(pod, "spec", "containers").flatMap((container) => listAt(container, "ports"));
  const named = ports.find((entry) => textAt(entry, "name") === target);
  return {
    name: textAt(port, "name"),
    protocol: textAt(port, "protocol") || "TCP",
    port: typeof target === "string" ? (valueAt(named, "containerPort") ?? null) : target,
  };
}
