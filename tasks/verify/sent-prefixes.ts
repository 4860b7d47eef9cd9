import { Type } from "#typebox";
import type { ApicReader, FoundObject } from "../../runner/connect/managed-object.ts";
import { ok, type Result } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { Name, Prefix } from "../aci/arguments.ts";
import { l3outDn } from "../aci/names.ts";
import { domainOf, lies, ofClass, plainAddress } from "./leaf-objects.ts";

/**
 * Proof of transit as far as the fabric can tell: the other L3Out's eBGP peers were sent at least as many prefixes as their leaf has routes
 * to the cluster (bgpPeerAfEntry.pfxSent). What the router does with them only the router knows.
 */
export const sentPrefixes = probeTask({
  name: "verify.sent_prefixes",
  summary: "Routers behind another L3Out were sent the cluster's routes",
  steps: [],
  on: "apic",
  args: Type.Object(
    {
      tenant: Name("Tenant of the other L3Out (fvTenant.name)"),
      l3out: Name("The other L3Out (l3extOut.name)"),
      vrf_tenant: Name("Tenant of its VRF (fvTenant.name)"),
      vrf: Name("Its VRF (fvCtx.name)"),
      prefixes: Type.Array(Prefix, { minItems: 1, description: "The cluster's prefixes" }),
      timeout: Type.Integer({ minimum: 0, maximum: 3600, default: 60, description: "Seconds until all are sent" }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "A family that the L3Out has no peer for is not judged. An L3Out without BGP peers (OSPF, static routes) is a warning: nothing can be seen there.",
    "Facts: peers, a list of leaf, peer, state, sent and routes.",
  ],
  example: `
- name: The router outside has the cluster's routes
  verify.sent_prefixes:
    tenant: k8s
    l3out: wan
    vrf_tenant: k8s
    vrf: calico
    prefixes: [10.1.0.0/16, 192.168.8.0/22]
`,
  observe: async (reader, { args }) => {
    const out = l3outDn(args.tenant, args.l3out);
    const found = await reader.object(out, { "rsp-subtree": "full", "rsp-subtree-class": CLASSES.join(",") });
    if (!found.ok) return found;
    if (found.value === undefined) return ok({ unmet: [`${out} does not exist`] });
    const addresses = new Set(ofClass([found.value], "bgpPeerP").map(({ attributes }) => plainAddress(attributes.addr ?? "")));
    const leaves = new Set(ofClass([found.value], "l3extRsNodeL3OutAtt").map(({ attributes }) => attributes.tDn ?? ""));
    if (addresses.size === 0) {
      return ok({ unmet: [], warnings: [`${out} has no BGP peer: what its routers learn cannot be seen on the fabric`] });
    }
    const domain = domainOf({ tenant: args.vrf_tenant, vrf: args.vrf });
    const peers: PeerState[] = [];
    for (const leaf of leaves) {
      const read = await readPeers(reader, leaf, domain, addresses, args.prefixes);
      if (!read.ok) return read;
      peers.push(...read.value);
    }
    const unseen = [...addresses].filter((address) => !peers.some(({ peer }) => peer === address));
    return ok({
      facts: { peers: peers.map((peer) => ({ ...peer })) },
      unmet: [...unseen.map((peer) => `${peer} never connected to a leaf of ${out}`), ...peers.flatMap(problemOf)],
      message: peers.map(({ leaf, peer, sent }) => `${peer} was sent ${sent} prefixes by ${leaf}`).join("; "),
    });
  },
});

const CLASSES = ["l3extLNodeP", "l3extRsNodeL3OutAtt", "l3extLIfP", "l3extRsPathL3OutAtt", "l3extVirtualLIfP", "bgpPeerP"];

/** A peer as its leaf has it. */
interface PeerState {
  readonly leaf: string;
  readonly peer: string;
  readonly state: string;
  /** Prefixes sent to it, of its own family. */
  readonly sent: number;
  /** Routes to the cluster that its leaf learned by BGP, of the same family. */
  readonly routes: number;
}

function problemOf({ leaf, peer, state, sent, routes }: PeerState): string[] {
  if (state !== "established") return [`${peer} on ${leaf}: session is ${state}`];
  if (routes === 0) return [`${leaf} has no route to the cluster: is its own L3Out up, and are there route reflectors?`];
  if (sent >= routes) return [];
  return [
    `${peer} on ${leaf}: was sent ${sent} prefixes, the leaf has ${routes} routes to the cluster: see the route map default-export`,
  ];
}

async function readPeers(
  reader: ApicReader,
  leaf: string,
  domain: string,
  addresses: ReadonlySet<string>,
  prefixes: readonly string[],
): Promise<Result<readonly PeerState[]>> {
  const bgp = await reader.object(`${leaf}/sys/bgp/inst/${domain}`, {
    "rsp-subtree": "full",
    "rsp-subtree-class": "bgpPeer,bgpPeerEntry,bgpPeerAfEntry",
  });
  if (!bgp.ok) return bgp;
  const entries = ofClass(bgp.value === undefined ? [] : [bgp.value], "bgpPeerEntry");
  const peers: PeerState[] = [];
  for (const entry of entries.filter(({ attributes }) => addresses.has(plainAddress(attributes.addr ?? "")))) {
    const peer = plainAddress(entry.attributes.addr ?? "");
    const family = peer.includes(":") ? "ipv6" : "ipv4";
    const rib = family === "ipv6" ? "uribv6" : "uribv4";
    const routes = await routesTo(reader, rib, `${leaf}/sys/${rib}/${domain}/db-rt`, prefixes);
    if (!routes.ok) return routes;
    const sent = ofClass([entry], "bgpPeerAfEntry")
      .filter(({ attributes }) => attributes.type === `${family}-ucast`)
      .reduce((sum, { attributes }) => sum + Number(attributes.pfxSent ?? 0), 0);
    peers.push({ leaf, peer, state: entry.attributes.operSt ?? "unknown", sent, routes: routes.value });
  }
  return ok(peers);
}

/** How many routes of a routing table lie in the prefixes and were learned by BGP. */
async function routesTo(
  reader: ApicReader,
  rib: "uribv4" | "uribv6",
  table: string,
  prefixes: readonly string[],
): Promise<Result<number>> {
  const read = await reader.object(table, { "rsp-subtree": "full", "rsp-subtree-class": `${rib}Route,${rib}Nexthop` });
  if (!read.ok) return read;
  const routes = ofClass(read.value === undefined ? [] : [read.value], `${rib}Route`);
  return ok(
    routes.filter((route) => isLearned(route) && prefixes.some((prefix) => lies(route.attributes.prefix ?? "", prefix))).length,
  );
}

function isLearned({ children }: FoundObject): boolean {
  return children.some(({ attributes }) => (attributes.owner ?? "").startsWith("bgp-"));
}
