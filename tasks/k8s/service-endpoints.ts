import { Type } from "#typebox";
import type { KubeObject } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { ok } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";

/** Where a service's addresses are, and on which nodes it has endpoints: what the fabric should route to. */
export const serviceEndpoints = probeTask({
  name: "k8s.service_endpoints",
  summary: "A service has its addresses, and pods that answer for it",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      namespace: Type.String({ minLength: 1 }),
      name: Type.String({ minLength: 1 }),
      addresses: Type.Array(Type.Enum(["ClusterIP", "ExternalIP", "LoadBalancerIP"]), {
        minItems: 1,
        uniqueItems: true,
        description: "Which of the service's addresses the CNI announces",
      }),
      replicas: Type.Integer({ minimum: 1, default: 1, description: "Endpoints that must be ready" }),
      timeout: Type.Integer({ minimum: 1, maximum: 3600, default: 120, description: "Seconds until it has them" }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "Facts: `prefixes`, the addresses as /32 and /128; `nodes`, where endpoints are ready, sorted.",
    "With externalTrafficPolicy Local only these nodes announce the addresses.",
  ],
  example: `- name: The frontend has addresses and endpoints
  k8s.service_endpoints:
    namespace: guestbook
    name: frontend
    addresses: [LoadBalancerIP]
    replicas: 3
  register: service`,
  observe: async (reader, { args }) => {
    const { namespace, name } = args;
    const [services, slices] = await Promise.all([
      reader.objects([{ apiVersion: "v1", kind: "Service", namespace, name }]),
      reader.list("endpointslices.discovery.k8s.io", { namespace, selector: `kubernetes.io/service-name=${name}` }),
    ]);
    if (!services.ok) return services;
    if (!slices.ok) return slices;
    const service = services.value[0];
    if (service === undefined) return ok({ unmet: [`there is no service ${name} in namespace ${namespace}`] });
    const prefixes = args.addresses.flatMap((kind) => addressesOf(service, kind)).map(hostPrefix);
    const ready = (slices.value ?? []).flatMap(readyNodes);
    const nodes = [...new Set(ready)].sort();
    // A dual-stack service has a slice for each family, with the same pods.
    const endpoints = Math.max(0, ...(slices.value ?? []).map((slice) => readyNodes(slice).length));
    const unmet = [
      ...(prefixes.length === 0 ? [`${name} has no ${args.addresses.join(" or ")}: ${whyNot(args.addresses)}`] : []),
      ...(endpoints < args.replicas ? [`${endpoints} of ${args.replicas} endpoints of ${name} are ready: do its pods run?`] : []),
    ];
    return ok({
      facts: { prefixes, nodes },
      unmet,
      message: `${prefixes.join(", ")} on ${nodes.join(", ")}`,
    });
  },
});

function whyNot(kinds: readonly string[]): string {
  return kinds.includes("LoadBalancerIP")
    ? "has the CNI's allocator a range, and is one left in it?"
    : "is it a headless service?";
}

function addressesOf({ spec, status }: KubeObject, kind: "ClusterIP" | "ExternalIP" | "LoadBalancerIP"): string[] {
  const own = isObject(spec) ? spec : {};
  if (kind === "ClusterIP") return texts(own.clusterIPs ?? [own.clusterIP]).filter((address) => address !== "None");
  if (kind === "ExternalIP") return texts(own.externalIPs);
  const balancer = isObject(status) && isObject(status.loadBalancer) ? status.loadBalancer : {};
  return texts(list(balancer.ingress).map((ingress) => (isObject(ingress) ? ingress.ip : undefined)));
}

/** Node of each endpoint that is ready; one that says nothing counts as ready (EndpointSlice API). */
function readyNodes(slice: KubeObject): string[] {
  return texts(
    list(slice.endpoints).map((endpoint) => {
      if (!isObject(endpoint)) return undefined;
      const conditions = isObject(endpoint.conditions) ? endpoint.conditions : {};
      return conditions.ready === false ? undefined : endpoint.nodeName;
    }),
  );
}

function hostPrefix(address: string): string {
  return `${address}/${address.includes(":") ? 128 : 32}`;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function texts(value: unknown): string[] {
  return list(value).flatMap((item) => (typeof item === "string" && item !== "" ? [item] : []));
}
