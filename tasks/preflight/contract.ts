import { Type } from "#typebox";
import type { ApicReader } from "../../runner/connect/managed-object.ts";
import { ok, type Result } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { Name } from "../aci/arguments.ts";
import { epgArguments, epgForms } from "../aci/contract-sides.ts";
import { contractDn } from "../aci/names.ts";
import { type FoundEpg, readEpg } from "./epg-evidence.ts";

/** Flags that subnets of external EPGs need when traffic passes between VRFs (facts 5.2). */
const LEAK_FLAGS = ["shared-rtctrl", "shared-security"];

/** Before a contract joins two EPGs: both are there, and the contract reaches from one VRF to the other (facts 5.1, 5.2). */
export const preflightContract = probeTask({
  name: "preflight.contract",
  summary: "What a contract between two EPGs would need, before anything is changed",
  steps: [],
  on: "apic",
  args: Type.Object(
    {
      epgs: Type.Array(Type.Object(epgArguments, { additionalProperties: false, forms: epgForms }), {
        minItems: 2,
        maxItems: 2,
        description: "The two EPGs: external EPGs, or EPGs of application profiles",
      }),
      contract: Name("Contract between them (vzBrCP.name)"),
      contract_tenant: Name("Tenant of the contract (fvTenant.name)"),
      made: Type.Boolean({ description: "True: this run makes the contract; false: it must exist" }),
      scope: Type.Enum(["application-profile", "context", "tenant", "global"], {
        default: "context",
        description: "Its scope when this run makes it (vzBrCP.scope)",
      }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "Two VRFs need a contract of scope tenant or global, and shared-rtctrl and shared-security on the subnets of external EPGs.",
    "Whether a bridge domain's subnet is shared between VRFs is not looked at; a warning says so.",
  ],
  example: `
- name: Both sides are there and meet
  preflight.contract:
    epgs:
      - { tenant: k8s, l3out: calico, external_epg: default }
      - { tenant: k8s, application_profile: shop, epg: web }
    contract: calico-web
    contract_tenant: k8s
    made: true
`,
  observe: async (reader, { args }) => {
    const sides: FoundEpg[] = [];
    for (const place of args.epgs) {
      const side = await readEpg(reader, place);
      if (!side.ok) return side;
      sides.push(side.value);
    }
    const scope = args.made ? ok(args.scope) : await scopeOf(reader, args.contract_tenant, args.contract);
    if (!scope.ok) return scope;
    const unmet = [...sides.flatMap(lacks)];
    if (scope.value === undefined) {
      const where = `${args.contract_tenant} nor in common`;
      unmet.push(
        `contract ${args.contract} exists neither in tenant ${where}: create it, or say its entries and underlay makes it`,
      );
    }
    const vrfs = new Set(sides.flatMap(({ vrf }) => vrf ?? []));
    const apart = vrfs.size > 1;
    if (apart && scope.value !== undefined) unmet.push(...leakNeeds(sides, scope.value));
    return ok({
      facts: { vrfs: [...vrfs], same_vrf: !apart },
      unmet,
      warnings: apart && args.epgs.some(({ epg }) => epg !== undefined) ? [BRIDGE_DOMAIN] : [],
      message: apart ? `between ${[...vrfs].join(" and ")}` : `both in ${[...vrfs].join()}`,
    });
  },
});

const BRIDGE_DOMAIN =
  "the EPG is in another VRF: its subnets must be shared between VRFs (fvSubnet.scope shared), which is not looked at here";

function lacks({ dn, exists, vrf }: FoundEpg): string[] {
  if (!exists) {
    return [
      `${dn} does not exist: the cluster's own comes with its main playbook, others with their owners; or correct its name`,
    ];
  }
  return vrf === undefined ? [`${dn} is in no VRF that exists: ask its owner`] : [];
}

/** Scope of a contract that must be there, in its tenant or in common; undefined: it is not. */
async function scopeOf(reader: ApicReader, tenant: string, contract: string): Promise<Result<string | undefined>> {
  for (const home of [tenant, "common"]) {
    const found = await reader.object(contractDn(home, contract));
    if (!found.ok) return found;
    if (found.value !== undefined) return ok(found.value.attributes.scope ?? "context");
  }
  return ok(undefined);
}

/** What is missing for traffic between two VRFs. */
function leakNeeds(sides: readonly FoundEpg[], scope: string): string[] {
  const where = sides.map(({ dn, vrf }) => `${dn} is in ${vrf}`).join(", ");
  const narrow = scope !== "tenant" && scope !== "global";
  return [
    ...(narrow ? [`${where}: between VRFs a contract needs scope tenant or global, not ${scope}`] : []),
    ...sides.flatMap(({ dn, subnets }) => {
      const unshared = subnets.filter((subnet) => LEAK_FLAGS.some((flag) => !subnet.scope.includes(flag)));
      if (unshared.length === 0) return [];
      const prefixes = unshared.map(({ prefix }) => prefix).join(", ");
      return [`${dn}: between VRFs its subnets need the flags ${LEAK_FLAGS.join(" and ")} (l3extSubnet.scope): ${prefixes}`];
    }),
  ];
}
