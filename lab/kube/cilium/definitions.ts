import type { World } from "../controllers/world.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { atLeast, type Release } from "../version.ts";
import { CILIUM_KINDS, type CiliumKind, GROUP } from "./kinds.ts";
import { schemaOf } from "./schemas.ts";

/** API versions in which a release serves a kind, the stored one first; none: not served (facts, cni.md 3.2). */
export function servedVersions(kind: CiliumKind, release: Release): readonly string[] {
  if (kind === "CiliumNode") return ["v2"];
  if (kind === "CiliumBGPPeeringPolicy") return atLeast(release, 1, 19) ? [] : ["v2alpha1"];
  if (atLeast(release, 1, 18)) return ["v2", "v2alpha1"];
  return kind === "CiliumLoadBalancerIPPool" || atLeast(release, 1, 16) ? ["v2alpha1"] : [];
}

const KINDS: readonly CiliumKind[] = [
  ...(["CiliumNode", "CiliumLoadBalancerIPPool", "CiliumBGPPeeringPolicy", "CiliumBGPClusterConfig"] as const),
  ...(["CiliumBGPPeerConfig", "CiliumBGPAdvertisement", "CiliumBGPNodeConfig", "CiliumBGPNodeConfigOverride"] as const),
];

/**
 * Registers Cilium's kinds, as the operator does when it starts: the chart has no CRDs. Definitions that an earlier release registered stay
 * as they are when this one does not know them.
 */
export function registerDefinitions(world: World, release: Release): void {
  const resource = builtinOf("CustomResourceDefinition");
  for (const kind of KINDS) {
    const versions = servedVersions(kind, release);
    if (versions.length === 0) continue;
    const { plural, shortNames, status } = CILIUM_KINDS[kind];
    const label = `${GROUP}/${release.major}.${release.minor}`;
    const name = `${plural}.${GROUP}`;
    const known = world.store.get(resource.storage, undefined, name)?.metadata.labels?.["io.cilium.k8s.crd.schema.version"];
    if (known === label.replace("/", "-")) continue;
    const spec = {
      group: GROUP,
      scope: "Cluster",
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase(), shortNames, categories: ["cilium"] },
      versions: versions.map((version, index) => ({
        name: version,
        served: true,
        storage: index === 0,
        schema: { openAPIV3Schema: schemaOf(kind, version, release) },
        ...(status ? { subresources: { status: {} } } : {}),
      })),
    };
    const labels = { "io.cilium.k8s.crd.schema.version": label.replace("/", "-") };
    world.ensure(resource, { name }, { metadata: { labels }, spec }, "cilium-operator-generic");
  }
}
