import { Type } from "#typebox";
import type { Manifest } from "../../runner/connect/cluster.ts";
import { ok } from "../../runner/result.ts";
import { SecretText } from "../../runner/schema.ts";
import type { Secret } from "../../runner/secret.ts";
import type { Refusal } from "../../runner/task.ts";
import { actionTask } from "../../runner/task-type.ts";
import { isBefore, parseVersion, type Version } from "../cni/version.ts";
import { isWithdrawn, nodeReference, WITHDRAWN_CAUSE } from "../cni/withdrawn.ts";
import { State } from "../k8s/state.ts";
import { byNode, ReleaseVersion, type Session, Sessions } from "./arguments.ts";
import { peerAnnotations } from "./peer-annotations.ts";
import { PEERS_ANNOTATION, refuseRelease, warnRelease } from "./release.ts";

/** The kernel's limit for a TCP MD5 password (Linux, TCP_MD5SIG_MAXKEYLEN). */
const LONGEST_PASSWORD = 80;

/** Of its own, so that labels of the same Node, which other tasks set, are not taken away. */
const FIELD_MANAGER = "underlay-kube-router-peers";

/**
 * The leaves that each node peers with, as annotations of the Node. An action and not a declared object, because a node that was withdrawn
 * has none: that is read from the cluster.
 */
export const peers = actionTask({
  name: "kube_router.peers",
  summary: "Every node's BGP peers, the leaves of its rack",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      version: ReleaseVersion,
      asn: Type.Integer({ minimum: 1, maximum: 4294967294, description: "AS of the fabric, the peers' AS" }),
      sessions: Sessions,
      password: Type.Optional(
        SecretText({
          description: "MD5 password, the same as on the fabric (bgpPeerP.password)",
          maxSecretBytes: LONGEST_PASSWORD,
        }),
      ),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "Annotation kube-router.io/peers from kube-router 2.7 on, kube-router.io/peer.ips, .asns, .passwords and .localips before; those of the other form go.",
    "Base64 is no protection: whoever may read Nodes can read the password. Here it is treated like a Secret and never shown.",
    "kube-router reads the peers when it starts: kube_router.restart restarts the pods that still have others.",
    "Global peers in the DaemonSet (--peer-router-ips) make kube-router ignore the annotations.",
    "A node with the label underlay/withdrawn gets none (kube_router.withdraw).",
    "Other annotations and the labels of the nodes are left alone. `absent` takes away what this task has set; on a node that is gone there is nothing to do.",
  ],
  example: `- name: Peers of every node, the leaves of its rack
  kube_router.peers:
    version: v2.11.1
    asn: 65002
    sessions: "{{ underlay.sessions }}"
    password: "{{ bgp.password }}"`,
  refuse: ({ version, asn, sessions }) => [
    ...refuseRelease(
      version,
      sessions.map(({ family }) => family),
    ),
    ...refuseAsn(asn),
  ],
  warn: ({ version, password }) => {
    const parsed = parseVersion(version);
    const writesToLog = password !== undefined && parsed !== undefined && isBefore(parsed, PEERS_ANNOTATION);
    return [
      ...warnRelease(version),
      ...(writesToLog
        ? [
            `kube-router before ${PEERS_ANNOTATION} writes these annotations to its log at verbosity 2 and above, password and all`,
          ]
        : []),
    ];
  },
  plan: async (reader, { args }, elsewhere) => {
    const side = await elsewhere.at("localhost", "localhost");
    if (!side.ok) return side;
    const names = [...byNode(args.sessions).keys()];
    const nodes = await reader.objects(names.map(nodeReference));
    if (!nodes.ok) return nodes;
    const withdrawn = nodes.value.filter(isWithdrawn).map(({ metadata }) => metadata.name);
    const without = args.state === "absent" ? names : withdrawn;
    // Refused above when it is none.
    const version = parseVersion(args.version);
    const sessions = args.sessions.filter(({ node }) => !without.includes(node));
    const annotated = version === undefined ? [] : peerManifests({ ...args, version, sessions });
    const planned = await side.value.plan([...annotated, ...without.map(noPeers)]);
    if (!planned.ok) return planned;
    const { changes, unknown, project, apply } = planned.value;
    const silent = args.state === "present" ? withdrawn : [];
    return ok({
      changes,
      unknown,
      warnings: silent.map(
        (name) => `${name} gets no peers: ${WITHDRAWN_CAUSE}; kube_router.withdraw, state: absent, takes it back`,
      ),
      project,
      apply: (writer) => apply(writer),
    });
  },
});

/** The annotations of these sessions' nodes. A node that is not in the cluster is a failure: an apply would make one up. */
export function peerManifests({
  version,
  asn,
  password,
  sessions,
}: {
  readonly version: Version;
  readonly asn: number;
  readonly password?: Secret | undefined;
  readonly sessions: readonly Session[];
}): readonly Manifest[] {
  return [...byNode(sessions)].map(([node, own]): Manifest => {
    const { open, secret } = peerAnnotations(version, own, asn, password);
    const metadata = Object.keys(open).length > 0 ? { name: node, annotations: open } : { name: node };
    return { ...ours, object: { ...nodeObject, metadata }, secretAnnotations: secret, whenMissing: "fail" };
  });
}

const nodeObject = { apiVersion: "v1", kind: "Node" } as const;
const ours = { kind: "manifest", state: "present", fieldManager: FIELD_MANAGER, force: true } as const;

/** An apply of nothing takes away what is ours; deleting the object would delete the Node. */
function noPeers(node: string): Manifest {
  return { ...ours, object: { ...nodeObject, metadata: { name: node } }, whenMissing: "leave" };
}

/** AS numbers that kube-router takes for a peer: neither AS_TRANS nor the reserved ones (facts 2.3). */
const PEER_ASNS = [
  [1, 23455],
  [23457, 63999],
  [64512, 65534],
  [131072, 4294967294],
] as const;

function refuseAsn(asn: number): readonly Refusal[] {
  if (PEER_ASNS.some(([from, to]) => asn >= from && asn <= to)) return [];
  const hint = "AS numbers reserved by IANA (RFC 5398, 6793, 7300): give the fabric another";
  return [{ argument: ["asn"], message: `is reserved and kube-router refuses it for a peer (it is ${asn})`, hint }];
}
