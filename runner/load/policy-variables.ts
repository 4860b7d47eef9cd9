import { Type } from "#typebox";

/** Known variables for what is optional around a cluster: access policies, transit, contracts, segments, an exposed service. */
const closed = { additionalProperties: false } as const;
const Name = (description: string) => Type.String({ pattern: "^[a-zA-Z0-9_.:-]{1,64}$", description });

/** Present: underlay makes the ports' policies. Absent: pool, domains, AAEP and ports are there already. */
export const AccessPolicies = Type.Object(
  {
    vlan_pool: Name("Static VLAN pool (fvnsVlanInstP)"),
    vlans: Type.Optional(
      Type.Object({ from: Type.Integer({ minimum: 1, maximum: 4094 }), to: Type.Integer({ minimum: 1, maximum: 4094 }) }, closed),
    ),
    aaep: Name("Attachable access entity profile (infraAttEntityP)"),
    lacp_policy: Name("LACP policy (lacpLagPol)"),
    /** `profiles`: interface and switch profiles; `port`: infraPortConfig, from ACI 5.2(7). */
    model: Type.Optional(Type.Enum(["profiles", "port"])),
    /** Make a vPC protection group for each rack's pair that is in none yet; an existing one is reused, never moved. */
    vpc_pairs: Type.Optional(Type.Boolean()),
  },
  closed,
);

const FilterEntry = Type.Object(
  {
    name: Name("Filter entry (vzEntry)"),
    ether_type: Type.Optional(Type.Enum(["ip", "ipv4", "ipv6", "arp", "unspecified"])),
    protocol: Type.Optional(Type.Enum(["tcp", "udp", "icmp", "icmpv6", "unspecified"])),
    port: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1, maximum: 65535 }), Type.String({ pattern: "^[0-9]{1,5}-[0-9]{1,5}$" })], {
        description: "80, or 8000-8100",
      }),
    ),
  },
  closed,
);

const Contract = Type.Object(
  {
    name: Name("Contract (vzBrCP)"),
    tenant: Type.Optional(Name("Tenant of the contract; default: the L3Out's")),
    scope: Type.Optional(Type.Enum(["context", "tenant", "global", "application-profile"])),
    entries: Type.Optional(Type.Array(FilterEntry, { minItems: 1, description: "Without: the contract must exist" })),
    service_graph: Type.Optional(Name("Service graph template on the subject (vnsAbsGraph), which must exist")),
  },
  closed,
);

/** Transit routing between the cluster's L3Out and another one (paper, section on connectivity outside of the fabric). */
export const Transit = Type.Object(
  {
    l3out: Name("The other L3Out, which must exist"),
    tenant: Type.Optional(Name("Its tenant; default: the cluster's")),
    external_epg: Name("Its external EPG"),
    contract: Contract,
    /** Which side provides the contract: clients outside consume services of the cluster by default. */
    provider: Type.Optional(Type.Enum(["cluster", "external", "both"])),
    /** The other L3Out belongs to somebody else: false leaves it alone and only tells what it lacks. */
    export_prefixes: Type.Optional(Type.Boolean()),
    /** Place of our context among those of its default-export (rtctrlCtxP.order): the last one by default. */
    order: Type.Optional(Type.Integer({ minimum: 0, maximum: 9 })),
  },
  closed,
);

/** A contract with an EPG inside the fabric. */
export const ConnectEpg = Type.Object(
  {
    tenant: Type.Optional(Name("Tenant of the EPG; default: the cluster's")),
    application_profile: Name("Application profile (fvAp)"),
    epg: Name("EPG (fvAEPg), which must exist"),
    contract: Contract,
    provider: Type.Optional(Type.Enum(["cluster", "epg", "both"])),
  },
  closed,
);

/** External EPGs of their own for given workloads (paper, section Segmentation). */
export const Segments = Type.Array(
  Type.Object(
    {
      name: Name("External EPG (l3extInstP)"),
      prefixes: Type.Array(Type.String({ format: "network" }), { minItems: 1 }),
      provides: Type.Optional(Type.Array(Contract)),
      consumes: Type.Optional(Type.Array(Contract)),
    },
    closed,
  ),
);

/** A service to expose; default: the paper's guestbook frontend. */
export const Expose = Type.Object(
  {
    namespace: Type.Optional(Type.String()),
    name: Type.Optional(Type.String()),
    image: Type.Optional(Type.String()),
    replicas: Type.Optional(Type.Integer({ minimum: 1 })),
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65535 })),
  },
  closed,
);
