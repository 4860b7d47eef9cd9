import { type Static, Type } from "#typebox";
import { absentMo, mo } from "../../runner/connect/managed-object.ts";
import { declareTask } from "../../runner/task-type.ts";
import { L3OutName, Name, Prefix, State, Tenant } from "./arguments.ts";
import { l3outDn } from "./names.ts";

const Scope = Type.Array(Type.Enum(["import-security", "export-rtctrl", "import-rtctrl", "shared-rtctrl", "shared-security"]), {
  minItems: 1,
  uniqueItems: true,
  description: "What the subnet is for; import-security classifies traffic, shared-* leak to other VRFs (l3extSubnet.scope)",
});

const Subnet = Type.Union([
  Prefix,
  Type.Object(
    {
      prefix: Prefix,
      scope: Type.Optional(Scope),
      aggregate: Type.Optional(
        Type.Array(Type.Enum(["export-rtctrl", "import-rtctrl", "shared-rtctrl"]), {
          uniqueItems: true,
          description: "Also longer prefixes; export and import only for 0.0.0.0/0 and ::/0 (l3extSubnet.aggregate)",
        }),
      ),
    },
    { additionalProperties: false },
  ),
]);

/** White paper step 5, text after it: the external EPG that classifies the cluster's traffic. */
export const externalEpg = declareTask({
  name: "aci.external_epg",
  summary: "External EPG with its subnets, scopes and contracts",
  steps: [5],
  on: "apic",
  args: Type.Object(
    {
      tenant: Tenant,
      l3out: L3OutName,
      name: Name("External EPG, default in the paper (l3extInstP.name)"),
      subnets: Type.Array(Subnet, {
        minItems: 1,
        description:
          "Node, pod, cluster service and external service subnets: a prefix, or prefix with scope and aggregate (l3extSubnet)",
      }),
      scope: Type.Array(Type.Enum(["import-security", "export-rtctrl", "import-rtctrl", "shared-rtctrl", "shared-security"]), {
        minItems: 1,
        uniqueItems: true,
        default: ["import-security"],
        description: "Scope of subnets that do not say their own (l3extSubnet.scope)",
      }),
      provides: Type.Array(Name("Contract"), { default: [], description: "Contracts it provides (fvRsProv.tnVzBrCPName)" }),
      consumes: Type.Array(Name("Contract"), { default: [], description: "Contracts it consumes (fvRsCons.tnVzBrCPName)" }),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "The external EPG holds exactly these subnets: others are removed. Contracts that others added stay.",
    "The same prefix with import-security in two external EPGs of one VRF is refused by the leaves (fault F0467).",
  ],
  example: `
- name: Step 5 - External EPG with the cluster's subnets
  aci.external_epg:
    tenant: k8s
    l3out: calico
    name: default
    subnets:
      - 192.168.2.0/24
      - 10.1.0.0/16
      - { prefix: 192.168.12.0/24, scope: [import-security, shared-rtctrl, shared-security] }
`,
  desired: ({ args }) => {
    const dn = `${l3outDn(args.tenant, args.l3out)}/instP-${args.name}`;
    if (args.state === "absent") return [absentMo("l3extInstP", dn)];
    return [
      mo("l3extInstP", dn, {}, ["l3extSubnet"]),
      ...args.subnets.map((subnet) => {
        const { prefix, scope, aggregate } = detailed(subnet);
        return mo("l3extSubnet", `${dn}/extsubnet-[${prefix}]`, { scope: scope ?? args.scope, aggregate: aggregate ?? [] });
      }),
      ...args.provides.map((contract) => mo("fvRsProv", `${dn}/rsprov-${contract}`)),
      ...args.consumes.map((contract) => mo("fvRsCons", `${dn}/rscons-${contract}`)),
    ];
  },
});

function detailed(subnet: Static<typeof Subnet>): Exclude<Static<typeof Subnet>, string> {
  return typeof subnet === "string" ? { prefix: subnet } : subnet;
}
