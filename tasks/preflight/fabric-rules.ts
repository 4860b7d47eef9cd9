import { Address4, Address6 } from "ip-address";
import { vrfDn } from "../aci/names.ts";
import { lies } from "../verify/leaf-objects.ts";
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
  readonly ecmp_policy?: string | undefined;
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
const asn: Rule = ({ asn: wanted }, { asn: running, routeReflectors: count }) =>
  running === String(wanted) || count === undefined
    ? []
    : [
        error(
          `the fabric's AS is ${running ?? "not set"}, fabric.asn says ${wanted}: every session would fail (paper, Figure 1; uni/fabric/bgpInstP-default/as)`,
        ),
      ];

/** Without route reflectors no leaf learns what another leaf's nodes announce (paper, Longest prefix match scale). */
const routeReflectors: Rule = (_wish, { routeReflectors: count }) => {
  if (count === undefined) {
    const message = "uni/fabric/bgpInstP-default cannot be read: the fabric's AS and its route reflectors are not checked";
    return [
      warning(`${message} (paper, Figure 1 and Longest prefix match scale): give the user the right to read fabric policies`),
    ];
  }
  if (count > 0) return [];
  return [
    error(
      "the fabric has no BGP route reflector: routes of one rack would never reach another (paper, Longest prefix match scale): add spines to the BGP route reflector policy",
    ),
  ];
};

/** A snapshot without the AES key holds no BGP password: after a rollback all sessions are down (facts 1.10). */
const aesKey: Rule = (_wish, { aesKey: set }) =>
  set
    ? []
    : [
        warning(
          "no AES encryption key is set: configuration snapshots lose the BGP password, so a rollback would drop every session (paper, BGP hardening; global AES passphrase encryption settings)",
        ),
      ];

const leavesThere: Rule = ({ leaves, pod }, { nodes }) => {
  if (nodes.size === 0) return [warning("the nodes of the fabric cannot be read: check node_id and fabric.pod by hand")];
  return leaves.flatMap(({ node_id: id }) => {
    const node = nodes.get(`topology/pod-${pod}/node-${id}`);
    if (node === undefined)
      return [error(`leaf ${id} is not registered in pod ${pod} of this fabric: check node_id and fabric.pod`)];
    if (node.role !== "leaf") return [error(`node ${id} is a ${node.role}, not a leaf: check node_id`)];
    return node.state === "active" ? [] : [warning(`leaf ${id} is ${node.state || "not active"}: its sessions cannot come up`)];
  });
};

const ours = (wish: FabricWish): string => `uni/tn-${wish.tenant}/out-${wish.l3out}`;

/** L3Outs of other people in our VRF. */
function neighbours(wish: FabricWish, { l3outs, vrf }: FabricEvidence): FoundL3Out[] {
  return l3outs.filter((out) => out.dn !== ours(wish) && vrf !== undefined && out.vrf === vrf.dn);
}

/** Tenant and VRF belong to the fabric's owner, and step 12 is written where the VRF is (facts 3.1, 3.9). */
const vrfThere: Rule = ({ tenant, vrf: name }, { vrf }) => {
  const wanted = vrfDn(tenant, name);
  if (vrf?.dn === wanted) return [];
  if (vrf === undefined) {
    return [
      error(`${wanted} does not exist: create tenant and VRF first, or correct l3out.tenant and l3out.vrf (paper, step 3)`),
    ];
  }
  const message = `VRF ${name} is in tenant common, the L3Out would be in ${tenant}`;
  return [error(`${message}: step 12 writes to the VRF's own tenant: set l3out.tenant to common (paper, step 12)`)];
};

/** A VRF has one address family policy for each family; step 12 would replace it for every L3Out of the VRF (facts 3.9). */
const familyPolicies: Rule = ({ ecmp_policy: wanted }, { vrf }) =>
  (vrf?.policies ?? []).flatMap(({ family, policy, ours: made }) => {
    if (wanted === undefined || policy === wanted || policy === "") return [];
    const message = `${vrf?.dn} uses BGP address family policy ${policy} for ${family}`;
    if (made)
      return [warning(`${message}, which underlay made: ${wanted} replaces it for every L3Out of the VRF (paper, step 12)`)];
    const next = "if nobody needs its distances and limits any more, have its owner take it off the VRF; or use another VRF";
    return [error(`${message}: step 12 would replace it for every L3Out of the VRF (paper, step 12): ${next}`)];
  });

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
  if (!prepared || ranges === undefined) return [];
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

/**
 * A prefix classifies in one external EPG of a VRF only (F0467 prefix-entry-already-in-use). The longest wins: that another L3Out has
 * 0.0.0.0/0 is as it should be, but a part of ours in another external EPG takes its traffic away.
 */
const classified: Rule = (wish, found) =>
  neighbours(wish, found).flatMap(({ prefixes }) =>
    prefixes.flatMap(({ externalEpg, prefix }) => {
      if (wish.prefixes.some((own) => samePrefix(own, prefix))) {
        const message = `${prefix} is in external EPG ${externalEpg} already`;
        return [error(`${message}: a prefix classifies in one external EPG of a VRF (paper, step 5)`)];
      }
      const around = wish.prefixes.find((own) => lies(prefix, own));
      if (around === undefined) return [];
      const message = `${externalEpg} has ${prefix}, a part of ${around}`;
      return [warning(`${message}: its traffic is classified there and not with the cluster's (paper, Segmentation)`)];
    }),
  );

function samePrefix(one: string, other: string): boolean {
  return canonical(one) === canonical(other);
}

function canonical(prefix: string): string {
  const length = prefix.split("/")[1] ?? "";
  if (Address4.isValid(prefix)) return `${new Address4(prefix).startAddress().correctForm()}/${length}`;
  return Address6.isValid(prefix) ? `${new Address6(prefix).startAddress().correctForm()}/${length}` : prefix;
}

/** What could not be read speaks neither for nor against. */
const unread: Rule = (_wish, found) =>
  found.unread.map((text) =>
    warning(`not checked, because the controllers did not tell: ${text} (paper, table 1 and steps 3 to 14)`),
  );

/** All rules, in the order people should read them. */
const rules: readonly Rule[] = [
  release,
  asn,
  routeReflectors,
  leavesThere,
  vrfThere,
  familyPolicies,
  scale,
  routerIds,
  vlanInPool,
  vlanFree,
  timers,
  classified,
  aesKey,
  unread,
];

/** Everything that speaks against the change. */
export function judgeFabric(wish: FabricWish, found: FabricEvidence): readonly Finding[] {
  return rules.flatMap((rule) => rule(wish, found));
}
