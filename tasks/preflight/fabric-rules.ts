import { Address4, Address6 } from "ip-address";
import type { FabricEvidence, FoundL3Out } from "./fabric-evidence.ts";
import { leavesOfPath } from "./fabric-evidence.ts";
import { error, type Finding, warning } from "./finding.ts";
import { isOlder } from "./release.ts";

/** What the playbook is about to make, as far as the fabric may object. */
export interface FabricWish {
  readonly tenant: string;
  readonly vrf: string;
  readonly l3out: string;
  readonly svi: "floating" | "standard";
  /** AS of the fabric as the inventory says. */
  readonly asn: number;
  readonly pod: number;
  readonly leaves: readonly { readonly node_id: number; readonly router_id: string }[];
  readonly vlans: readonly number[];
  readonly floating_addresses: readonly string[];
  readonly prefixes: readonly string[];
  readonly timers_policy: string;
  readonly domains: readonly string[];
  /** Whether pool, domains and ports are there already. */
  readonly prepared: boolean;
  readonly port_model: "profiles" | "port";
}

type Rule = (wish: FabricWish, found: FabricEvidence) => readonly Finding[];

/** Most of each in one fabric (paper, table 1, ACI 5.2(7)). */
const MOST = { floatingAddresses: 200, floatingL3Outs: 100, l3outs: 2400 } as const;

/** Floating SVI on a physical domain came with 5.0(1) (paper, floating SVI design); infraPortConfig with 5.2(7) (facts 1.11). */
const release: Rule = ({ svi, port_model }, { release: running }) => {
  if (running === undefined) return [warning("the controllers tell no release: features are not checked against it")];
  return [
    ...(svi === "floating" && isOlder(running, "5.0(1)")
      ? [
          error(
            `ACI ${running}: a floating SVI on a physical domain needs 5.0(1) or later (paper, Floating SVI design): use a standard SVI`,
          ),
        ]
      : []),
    ...(port_model === "port" && isOlder(running, "5.2(7)")
      ? [error(`ACI ${running}: ports by infraPortConfig need 5.2(7) or later: set access_policies.model to profiles`)]
      : []),
  ];
};

/** The inventory's fabric AS is what nodes are told to peer with. */
const asn: Rule = ({ asn: wanted }, { asn: running }) =>
  running === String(wanted)
    ? []
    : [
        error(
          `the fabric's AS is ${running ?? "not set"}, fabric.asn says ${wanted}: every session would fail (paper, Figure 1; uni/fabric/bgpInstP-default/as)`,
        ),
      ];

/** Without route reflectors no leaf learns what another leaf's nodes announce (paper, Longest prefix match scale). */
const routeReflectors: Rule = (_wish, { routeReflectors: count }) =>
  count > 0
    ? []
    : [
        error(
          "the fabric has no BGP route reflector: routes of one rack would never reach another (paper, Longest prefix match scale): add spines to the BGP route reflector policy",
        ),
      ];

/** A snapshot without the AES key holds no BGP password: after a rollback all sessions are down (facts 1.10). */
const aesKey: Rule = (_wish, { aesKey: set }) =>
  set
    ? []
    : [
        warning(
          "no AES encryption key is set: configuration snapshots lose the BGP password, so a rollback would drop every session (paper, BGP hardening; global AES passphrase encryption settings)",
        ),
      ];

const leavesThere: Rule = ({ leaves, pod }, { nodes }) =>
  leaves.flatMap(({ node_id: id }) => {
    const node = nodes.get(`topology/pod-${pod}/node-${id}`);
    if (node === undefined)
      return [error(`leaf ${id} is not registered in pod ${pod} of this fabric: check node_id and fabric.pod`)];
    if (node.role !== "leaf") return [error(`node ${id} is a ${node.role}, not a leaf: check node_id`)];
    return node.state === "active" ? [] : [warning(`leaf ${id} is ${node.state || "not active"}: its sessions cannot come up`)];
  });

const ours = (wish: FabricWish): string => `uni/tn-${wish.tenant}/out-${wish.l3out}`;

/** L3Outs of other people in our VRF. */
function neighbours(wish: FabricWish, found: FabricEvidence): FoundL3Out[] {
  const vrf = `/ctx-${wish.vrf}`;
  return found.l3outs.filter(
    ({ dn, vrf: own }) => dn !== ours(wish) && (own === `uni/tn-${wish.tenant}${vrf}` || own === `uni/tn-common${vrf}`),
  );
}

/** Limits of one fabric (paper, table 1). What we have already is not counted twice. */
const scale: Rule = (wish, { l3outs }) => {
  const others = l3outs.filter(({ dn }) => dn !== ours(wish));
  const findings: Finding[] = [];
  const all = others.length + 1;
  if (all > MOST.l3outs)
    findings.push(error(`with this one the fabric has ${all} L3Outs: ${MOST.l3outs} at most (paper, table 1)`));
  if (wish.svi === "standard") return findings;
  const floating = others.filter((out) => out.floating.length > 0);
  if (floating.length + 1 > MOST.floatingL3Outs) {
    const message = `with this one the fabric has ${floating.length + 1} L3Outs with floating SVIs: ${MOST.floatingL3Outs} at most (paper, table 1)`;
    findings.push(error(`${message}: use a standard SVI`));
  }
  const addresses = floating.reduce((sum, out) => sum + out.floating.length, 0) + wish.floating_addresses.length;
  if (addresses > MOST.floatingAddresses) {
    const message = `with this cluster's the fabric has ${addresses} floating SVI addresses: ${MOST.floatingAddresses} at most (paper, table 1)`;
    findings.push(error(`${message}: use a standard SVI`));
  }
  return findings;
};

/** A leaf has one router ID in a VRF, and no other leaf has it (facts 3.1). */
const routerIds: Rule = (wish, found) =>
  wish.leaves.flatMap(({ node_id: id, router_id: wanted }) =>
    neighbours(wish, found).flatMap(({ dn, routerIds: theirs }) =>
      [...theirs].flatMap(([leaf, routerId]) => {
        const same = leaf === `topology/pod-${wish.pod}/node-${id}`;
        if (same && routerId !== wanted) {
          const message = `leaf ${id} has router ID ${routerId} in ${dn}, the inventory says ${wanted}`;
          return [error(`${message}: a leaf has one router ID in a VRF (paper, step 4 and 5)`)];
        }
        if (!same && routerId === wanted) {
          const message = `router ID ${wanted} of leaf ${id} belongs to ${leaf} in ${dn}`;
          return [error(`${message}: router IDs are unique in a VRF (paper, step 4 and 5)`)];
        }
        return [];
      }),
    ),
  );

/** The VLAN is in the static pool behind the domain (facts 3.2), unless this run makes the pool. */
const vlanInPool: Rule = ({ prepared, vlans, domains }, { ranges }) => {
  if (!prepared) return [];
  return domains.flatMap((domain) => {
    const blocks = ranges.get(domain);
    if (blocks === undefined)
      return [
        error(
          `${domain} does not exist or has no VLAN pool: create it, or let access_policies make it (paper, ACI BGP configuration)`,
        ),
      ];
    const outside = vlans.filter((vlan) => !blocks.some(({ from, to }) => from <= vlan && vlan <= to));
    if (outside.length === 0) return [];
    const message = `VLAN ${outside.join(", ")} is in no block of the VLAN pool of ${domain}`;
    return [error(`${message}: add it to the pool (paper, step 4 and 5: select a valid VLAN ID)`)];
  });
};

/** The leaf refuses a VLAN that another L3Out or an EPG has there (F0467 encap-already-in-use). */
const vlanFree: Rule = (wish, { l3outs, epgVlans }) => {
  const leaves = new Set(wish.leaves.map(({ node_id: id }) => `topology/pod-${wish.pod}/node-${id}`));
  const wanted = new Set(wish.vlans.map((vlan) => `vlan-${vlan}`));
  const users = [
    ...l3outs
      .filter(({ dn }) => dn !== ours(wish))
      .flatMap(({ dn, vlans }) => vlans.map(({ encap, leaves: where }) => ({ encap, where, user: dn }))),
    ...epgVlans.map(({ encap, path, epg }) => ({ encap, where: leavesOfPath(path), user: epg })),
  ];
  const clashes = users.filter(({ encap, where }) => wanted.has(encap) && where.some((leaf) => leaves.has(leaf)));
  const texts = clashes.map(
    ({ encap, user }) => `${encap} is in use on our leaves by ${user}: choose another VLAN (paper, step 4 and 5)`,
  );
  return [...new Set(texts)].map(error);
};

/** Timers are per VRF and leaf: a second L3Out there with another policy is refused (F0467 bgpProt-policy-already-existing). */
const timers: Rule = (wish, found) => {
  const leaves = new Set(wish.leaves.map(({ node_id: id }) => `topology/pod-${wish.pod}/node-${id}`));
  const texts = neighbours(wish, found).flatMap(({ dn, timers: theirs }) =>
    theirs
      .filter(({ leaf, policy }) => leaves.has(leaf) && policy !== wish.timers_policy)
      .map(({ leaf, policy }) => `${leaf} has BGP timers policy ${policy} from ${dn} in this VRF`),
  );
  return [...new Set(texts)].map((text) =>
    error(
      `${text}: the leaf takes one policy for each VRF (paper, step 8 and 9): put the L3Out in another VRF or on other leaves, or use the same policy`,
    ),
  );
};

/** A prefix classifies in one external EPG of a VRF only (F0467 prefix-entry-already-in-use). */
const classified: Rule = (wish, found) =>
  neighbours(wish, found).flatMap(({ prefixes }) =>
    prefixes.flatMap(({ externalEpg, prefix }) => {
      if (isDefault(prefix)) {
        return [
          warning(
            `${externalEpg} classifies ${prefix} in the same VRF: traffic of other leaves may be taken for it; contracts between the two are needed all the same (paper, step 5)`,
          ),
        ];
      }
      if (!wish.prefixes.some((own) => samePrefix(own, prefix))) return [];
      return [
        error(
          `${prefix} is in external EPG ${externalEpg} already: a prefix classifies in one external EPG of a VRF (paper, step 5)`,
        ),
      ];
    }),
  );

function isDefault(prefix: string): boolean {
  return prefix === "0.0.0.0/0" || prefix === "::/0";
}

function samePrefix(one: string, other: string): boolean {
  return canonical(one) === canonical(other);
}

function canonical(prefix: string): string {
  const length = prefix.split("/")[1] ?? "";
  if (Address4.isValid(prefix)) return `${new Address4(prefix).startAddress().correctForm()}/${length}`;
  return Address6.isValid(prefix) ? `${new Address6(prefix).startAddress().correctForm()}/${length}` : prefix;
}

/** All rules, in the order people should read them. */
const rules: readonly Rule[] = [
  release,
  asn,
  routeReflectors,
  leavesThere,
  scale,
  routerIds,
  vlanInPool,
  vlanFree,
  timers,
  classified,
  aesKey,
];

/** Everything that speaks against the change. */
export function judgeFabric(wish: FabricWish, found: FabricEvidence): readonly Finding[] {
  return rules.flatMap((rule) => rule(wish, found));
}
