import { type Static, Type } from "#typebox";
import type { ClusterResource, KubeObject } from "../../runner/connect/cluster.ts";
import type { Refusal } from "../../runner/task.ts";
import { declareTask } from "../../runner/task-type.ts";
import { MANAGED_BY } from "../calico/managed-by.ts";
import { isBefore, parseVersion } from "../cni/version.ts";
import { State } from "../k8s/state.ts";
import type { BgpSettings } from "./bgp-settings.ts";
import { clusterConfigs, routerIdOverride } from "./cluster-config.ts";
import { peerGroups, refuseGroups, Session } from "./peer-groups.ts";
import { peeringPolicy } from "./peering-policy.ts";
import { bgpApiOf, CiliumVersion, checkedVersion, refusePassword, refuseVersion, versionWarnings } from "./release-line.ts";

const Asn = (description: string) => Type.Integer({ minimum: 1, maximum: 4294967295, description });

const Args = Type.Object(
  {
    version: CiliumVersion,
    asn: Asn("AS of all nodes (bgpInstances.localASN)"),
    fabric_asn: Asn("AS of the fabric (peers.peerASN)"),
    sessions: Type.Array(Session, { minItems: 1, description: "The planned sessions (`underlay.sessions`)" }),
    by: Type.Enum(["rack", "node"], {
      default: "rack",
      description: "rack: one object for the nodes of a rack, by the rack label; node: one for each (standard SVI)",
    }),
    rack_label: Type.String({ minLength: 1, default: "rack_id", description: "Node label that names the rack" }),
    secret: Type.Optional(
      Type.String({ minLength: 1, description: "Secret with the password (cilium.bgp_password; authSecretRef); needs 1.15" }),
    ),
    services: Type.Array(Type.Enum(["LoadBalancerIP", "ClusterIP", "ExternalIP"]), {
      default: ["LoadBalancerIP"],
      uniqueItems: true,
      description: "Service addresses that nodes announce, each as a host route; others than LoadBalancerIP need 1.16",
    }),
    timers: Type.Optional(
      Type.Object(
        { hold: Type.Integer({ minimum: 3, maximum: 65535 }), keepalive: Type.Integer({ minimum: 1, maximum: 65535 }) },
        { additionalProperties: false, description: "Seconds; default: 90 and 30, so that the fabric's shorter ones decide" },
      ),
    ),
    graceful_restart: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 4095,
        description: "Seconds that leaves keep the routes of an agent that restarts; default: off",
      }),
    ),
    router_ids: Type.Optional(
      Type.Record(Type.String(), Type.String({ format: "ip", pattern: "^[0-9.]+$" }), {
        description:
          "BGP router ID by node, in the form of an IPv4 address, for clusters without IPv4 (CiliumBGPNodeConfigOverride)",
      }),
    ),
    state: State,
  },
  { additionalProperties: false },
);

type Args = Static<typeof Args>;

/** Kinds that may be ours, of both generations: after an upgrade the objects of the other one must go. */
const KINDS = [
  "CiliumBGPClusterConfig",
  "CiliumBGPPeerConfig",
  "CiliumBGPAdvertisement",
  "CiliumBGPNodeConfigOverride",
  "CiliumBGPPeeringPolicy",
] as const;

/** White paper, section *Cilium routing and BGP configuration*: each node peers with the leaves of its rack. */
export const ciliumBgp = declareTask({
  name: "cilium.bgp",
  summary: "BGP instances of the nodes, each with the leaves of its rack",
  steps: [],
  on: "localhost",
  args: Args,
  notes: [
    "Up to 1.15 CiliumBGPPeeringPolicy; from 1.16 CiliumBGPClusterConfig, -PeerConfig and -Advertisement (v2alpha1), from 1.18 at v2.",
    "Objects of ours carry the label app.kubernetes.io/managed-by: underlay; those not wanted any more are deleted, also those of the other generation after an upgrade. While they go, both are there for a moment.",
    "A session carries one family; with two families each leaf is two peers, `leaf-201` and `leaf-201-ipv6`.",
    "Announces the pod prefix of the node and addresses of all services. Cilium learns nothing over BGP: pods reach other nodes by the node's default route.",
    "Graceful restart is off: with it, leaves send traffic to a node that went down for as long as it says.",
    "A node with the label underlay/withdrawn has no instance, by rack as by node (cilium.withdraw). Objects from before this rule get it at the next run: the nodes they select stay the same, so no session is reset.",
    "A node can match one ClusterConfig only, also of others' making.",
    "`absent` deletes all of these objects that are ours.",
  ],
  example: `- name: BGP instances, the leaves of the node's rack
  cilium.bgp:
    version: 1.19.6
    asn: 65003
    fabric_asn: 65002
    sessions: "{{ underlay.sessions }}"
    secret: bgp-secrets`,
  warn: (args) => [
    ...versionWarnings(args.version),
    ...(isFourless(args) && args.router_ids === undefined
      ? ["no session has IPv4: Cilium makes up a router ID for each node; give `router_ids` to know them"]
      : []),
  ],
  refuse: (args) => {
    const refused = refuseVersion(args.version);
    return refused.length > 0 ? refused : [...refuseFields(args), ...refuseGroups(args.sessions, args.by)];
  },
  desired: ({ args }) => [
    ...objectsOf(args).map((object): ClusterResource => ({ kind: "manifest", state: args.state, object, force: true })),
    ...KINDS.map(
      (objectKind): ClusterResource => ({ kind: "exclusive", apiVersion: apiVersionOf(args), objectKind, labels: MANAGED_BY }),
    ),
  ],
});

function objectsOf(args: Args): readonly KubeObject[] {
  const version = checkedVersion(args.version);
  const groups = peerGroups(args.sessions, args.by, args.rack_label);
  const settings: BgpSettings = {
    asn: args.asn,
    fabricAsn: args.fabric_asn,
    secret: args.secret,
    timers: args.timers,
    gracefulRestart: args.graceful_restart,
    services: args.services,
  };
  const api = bgpApiOf(version);
  if (api === "policy") return groups.map((group) => peeringPolicy(group, settings, version));
  const overrides = Object.entries(args.router_ids ?? {}).map(([node, id]) => routerIdOverride(node, id, api));
  return [...overrides, ...clusterConfigs(groups, settings, api)];
}

function apiVersionOf(args: Args): string {
  return `cilium.io/${bgpApiOf(checkedVersion(args.version)) === "v2" ? "v2" : "v2alpha1"}`;
}

/** Arguments that a release cannot carry out (facts: Cilium sections 3.2, 3.5). */
function refuseFields(args: Args): readonly Refusal[] {
  const version = parseVersion(args.version);
  if (version === undefined) return [];
  const before = (release: string, given: boolean, argument: string, message: string, hint: string): readonly Refusal[] =>
    given && isBefore(version, release) ? [{ argument: [argument], message: `${message} before Cilium ${release}`, hint }] : [];
  const beyond = args.services.some((service) => service !== "LoadBalancerIP");
  const { timers } = args;
  return [
    ...(args.secret === undefined ? [] : refusePassword(args.version, ["secret"])),
    ...before("1.16", beyond, "services", "can only be LoadBalancerIP", "use 1.16 or later, or leave it out"),
    ...before("1.14", timers !== undefined, "timers", "cannot be set", "leave it out: the fabric's decide"),
    ...before("1.14", args.graceful_restart !== undefined, "graceful_restart", "cannot be set", "leave it out"),
    ...before("1.16", args.router_ids !== undefined, "router_ids", "cannot be set", "use 1.16 or later"),
    ...before(
      "1.18",
      isFourless(args) && args.router_ids === undefined,
      "sessions",
      "without IPv4 need router_ids",
      "router_ids: { node: 10.0.0.1 }",
    ),
    ...(timers !== undefined && timers.keepalive > timers.hold
      ? [{ argument: ["timers", "keepalive"], message: "is longer than hold", hint: "a third of it is usual" }]
      : []),
  ];
}

/** Whether the cluster has no IPv4: Cilium takes a node's IPv4 address for its router ID. */
function isFourless({ sessions }: Args): boolean {
  return sessions.every(({ family }) => family === "ipv6");
}
