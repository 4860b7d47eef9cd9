import type { AggregatedApi, CustomResourceHooks } from "../objects/registry.ts";
import type { ResourceType } from "../objects/resource-type.ts";
import { v3Rules } from "./v3-rules.ts";
import { v3Schemas } from "./v3-schemas.ts";

const GROUP = "projectcalico.org";

const PLURALS: Readonly<Record<string, string>> = { CalicoNodeStatus: "caliconodestatuses", BlockAffinity: "blockaffinities" };

const SHORT_NAMES: Readonly<Record<string, readonly string[]>> = {
  BGPConfiguration: ["bgpconfig", "bgpconfigs"],
  BlockAffinity: ["affinity", "affinities"],
  CalicoNodeStatus: ["caliconodestatus"],
  ClusterInformation: ["clusterinfo"],
  FelixConfiguration: ["felixconfig", "felixconfigs"],
};

function v3Resource(kind: string): ResourceType {
  const plural = PLURALS[kind] ?? `${kind.toLowerCase()}s`;
  return {
    group: GROUP,
    version: "v3",
    plural,
    singular: kind.toLowerCase(),
    kind,
    namespaced: false,
    shortNames: SHORT_NAMES[kind] ?? [],
    subresources: [],
    storage: `${GROUP}/${plural}`,
    schema: v3Schemas[kind],
    rules: v3Rules[kind],
  };
}

/** `projectcalico.org/v3`, which Calico's own API server answers once the operator has installed it. */
export const calicoApi: AggregatedApi = {
  service: `v3.${GROUP}`,
  resources: Object.keys(v3Schemas).map(v3Resource),
};

/** A kind of projectcalico.org/v3; asking for one that is not in the table is a bug. */
export function v3Kind(kind: string): ResourceType {
  const found = calicoApi.resources.find((resource) => resource.kind === kind);
  if (found === undefined) throw new Error(`no kind ${kind} in projectcalico.org/v3`);
  return found;
}

/**
 * `crd.projectcalico.org/v1` is where Calico keeps the objects that `projectcalico.org/v3` shows: both are one. Native CRDs of
 * `projectcalico.org/v3` bring their rules in CEL; they are those of the API server.
 */
export const calicoResources: CustomResourceHooks = {
  storageOf: (group, plural) => `${group === `crd.${GROUP}` ? GROUP : group}/${plural}`,
  rulesOf: (group, kind) => (group === GROUP ? v3Rules[kind] : undefined),
};
