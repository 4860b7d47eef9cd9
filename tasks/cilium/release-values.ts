import type { Json, JsonObject } from "../../runner/json.ts";
import { isBefore, type Version } from "../cni/version.ts";
import { isJsonObject } from "./check-values.ts";
import type { PodPool } from "./cluster-pool.ts";

/** What the values of the design depend on. */
export interface ReleaseDesign {
  readonly version: Version;
  /** Where Cilium runs; BGP passwords are looked for here too. */
  readonly namespace: string;
  readonly pools: readonly PodPool[];
  readonly kubernetesApi: { readonly host: string; readonly port: number };
  readonly hubble: { readonly relay: boolean; readonly ui: boolean };
  /** Whether ClusterIPs answer from outside the cluster. */
  readonly clusterIpAdvertised: boolean;
}

/**
 * The values of the white paper's design (section *Cilium routing and BGP configuration*) in the names of the chart of this version:
 * BGP control plane, pods routed by the fabric without overlay and NAT, no kube-proxy, Maglev. Not taken over from its example, because
 * charts ignore or refuse them: `bgp` beside bgpControlPlane, `enable-endpoint-routes`, `ui` and `tls` at the top (facts: Cilium section 7).
 */
export function designValues({
  version,
  namespace,
  pools,
  kubernetesApi,
  hubble,
  clusterIpAdvertised,
}: ReleaseDesign): JsonObject {
  const [four, six] = [pools.find(({ family }) => family === "ipv4"), pools.find(({ family }) => family === "ipv6")];
  return {
    bgpControlPlane: {
      enabled: true,
      ...(isBefore(version, "1.15") ? {} : { secretsNamespace: { name: namespace } }),
    },
    ipam: { mode: "cluster-pool", operator: { ...poolValues("IPv4", four), ...poolValues("IPv6", six) } },
    ipv4: { enabled: four !== undefined },
    ipv6: { enabled: six !== undefined },
    ...(isBefore(version, "1.14") ? { tunnel: "disabled" } : { routingMode: "native" }),
    ...(four === undefined ? {} : { ipv4NativeRoutingCIDR: four.pod_subnet }),
    ...(six === undefined ? {} : { ipv6NativeRoutingCIDR: six.pod_subnet }),
    autoDirectNodeRoutes: false,
    endpointRoutes: { enabled: true },
    enableIPv4Masquerade: false,
    enableIPv6Masquerade: false,
    kubeProxyReplacement: isBefore(version, "1.14") ? "strict" : true,
    k8sServiceHost: kubernetesApi.host,
    k8sServicePort: kubernetesApi.port,
    loadBalancer: { algorithm: "maglev" },
    // Agents and operator read their configuration only when they start.
    rollOutCiliumPods: true,
    operator: { rollOutPods: true },
    ...(hubble.relay || hubble.ui ? { hubble: { relay: { enabled: hubble.relay }, ui: { enabled: hubble.ui } } } : {}),
    ...(clusterIpAdvertised ? { bpf: { lbExternalClusterIP: true } } : {}),
  };
}

function poolValues(family: "IPv4" | "IPv6", pool: PodPool | undefined): JsonObject {
  if (pool === undefined) return {};
  return { [`clusterPool${family}PodCIDRList`]: [pool.pod_subnet], [`clusterPool${family}MaskSize`]: pool.block_size };
}

/** Lays values over others as helm does: maps are merged, everything else is replaced. */
export function mergedValues(below: JsonObject, over: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...below };
  for (const [name, value] of Object.entries(over)) {
    const under = merged[name];
    merged[name] = isJsonObject(under) && isJsonObject(value) ? mergedValues(under, value) : value;
  }
  return merged;
}

/** Values of the user that say something else than the design, each with what the design says. */
export function deviations(design: JsonObject, over: JsonObject, above: readonly string[] = []): readonly string[] {
  return Object.entries(over).flatMap(([name, value]) => {
    const path = [...above, name];
    const wanted = design[name];
    if (wanted === undefined) return [];
    if (isJsonObject(wanted) && isJsonObject(value)) return deviations(wanted, value, path);
    const same = JSON.stringify(wanted) === JSON.stringify(value);
    return same ? [] : [`values.${path.join(".")} replaces what the design needs (${JSON.stringify(wanted)})`];
  });
}
