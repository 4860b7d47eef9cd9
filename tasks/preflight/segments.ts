import { Type } from "#typebox";
import { ok } from "../../runner/result.ts";
import type { Refusal } from "../../runner/task.ts";
import { probeTask } from "../../runner/task-type.ts";
import { L3OutName, Name, Prefix, Tenant } from "../aci/arguments.ts";
import { l3outDn } from "../aci/names.ts";
import { lies, plainPrefix } from "../verify/leaf-objects.ts";
import { gatherL3Outs } from "./fabric-evidence.ts";

/** White paper, section Segmentation: an external EPG of its own for some workloads needs prefixes that are longer than the cluster's. */
export const preflightSegments = probeTask({
  name: "preflight.segments",
  summary: "Prefixes of segments are the cluster's, longer than its own, and each in one external EPG",
  steps: [],
  on: "apic",
  args: Type.Object(
    {
      tenant: Tenant,
      l3out: L3OutName,
      external_epg: Name("The cluster's own external EPG, which must exist (l3extInstP.name)"),
      prefixes: Type.Array(Prefix, { minItems: 1, description: "The cluster's prefixes" }),
      segments: Type.Array(
        Type.Object(
          { name: Name("External EPG of the segment (l3extInstP.name)"), prefixes: Type.Array(Prefix, { minItems: 1 }) },
          { additionalProperties: false },
        ),
        { minItems: 1, description: "External EPGs with their prefixes" },
      ),
    },
    { additionalProperties: false },
  ),
  notes: ["The longest prefix wins in a VRF, so a segment takes its workloads out of the cluster's external EPG (facts 5.3)."],
  example: `
- name: Segments fit the cluster
  preflight.segments:
    tenant: k8s
    l3out: calico
    external_epg: default
    prefixes: [10.1.0.0/16, 192.168.8.0/22]
    segments:
      - { name: payment, prefixes: [10.1.64.0/26, 192.168.9.7/32] }
`,
  refuse: ({ segments, prefixes, external_epg }) => {
    const taken = new Map<string, string>();
    return segments.flatMap(({ name, prefixes: own }, index): Refusal[] => {
      const at = (key: string, message: string): Refusal => ({ argument: ["segments", String(index), key], message });
      const ofCluster = name === external_epg ? [at("name", "is the cluster's own external EPG: a segment needs its own")] : [];
      const wrong = own.flatMap((prefix, position): Refusal[] => {
        const key = plainPrefix(prefix);
        const other = taken.get(key);
        taken.set(key, name);
        const refuse = (message: string): Refusal => at("prefixes", `${position}: ${message}`);
        if (other !== undefined) return [refuse(`${prefix} is in segment ${other} too: a prefix classifies in one external EPG`)];
        if (prefixes.some((one) => plainPrefix(one) === key)) {
          return [refuse(`${prefix} is the cluster's own prefix: a segment needs a longer one`)];
        }
        if (prefixes.some((one) => lies(prefix, one))) return [];
        return [refuse(`${prefix} is in none of the cluster's prefixes (${prefixes.join(", ")})`)];
      });
      return [...ofCluster, ...wrong];
    });
  },
  observe: async (reader, { args }) => {
    const found = await gatherL3Outs(reader);
    if (!found.ok) return found;
    const own = l3outDn(args.tenant, args.l3out);
    const out = found.value.find(({ dn }) => dn === own);
    if (out === undefined) return ok({ unmet: [`${own} does not exist: run the cluster's main playbook first`] });
    const inVrf = found.value.filter(({ vrf }) => vrf !== undefined && vrf === out.vrf).flatMap(({ prefixes }) => prefixes);
    const unmet = args.segments.flatMap((segment) =>
      segment.prefixes.flatMap((prefix) => {
        const owner = inVrf.find(
          (one) => plainPrefix(one.prefix) === plainPrefix(prefix) && one.externalEpg !== `${own}/instP-${segment.name}`,
        );
        if (owner === undefined) return [];
        return [
          `${prefix} of segment ${segment.name} is in external EPG ${owner.externalEpg} already: a prefix classifies in one (F0467)`,
        ];
      }),
    );
    return ok({ unmet, message: `${args.segments.length} segments fit` });
  },
});
