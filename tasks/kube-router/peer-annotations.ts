import type { TextWithSecrets } from "../../runner/connect/cluster.ts";
import type { Secret } from "../../runner/secret.ts";
import { isBefore, type Version } from "../cni/version.ts";
import type { Session } from "./arguments.ts";
import { PEERS_ANNOTATION } from "./release.ts";

/** Annotations of a Node from which kube-router reads the node's own peers (facts 2.3). */
export const ANNOTATION = {
  /** 2.7 and later: a YAML list; wins over the others. */
  peers: "kube-router.io/peers",
  /** Before: comma lists with an item for each peer. */
  addresses: "kube-router.io/peer.ips",
  asns: "kube-router.io/peer.asns",
  passwords: "kube-router.io/peer.passwords",
  localAddresses: "kube-router.io/peer.localips",
  ports: "kube-router.io/peer.ports",
} as const;

/** What a Node's annotations say about its peers. */
export interface PeerAnnotations {
  readonly open: Readonly<Record<string, string>>;
  /** Hold the password. */
  readonly secret: Readonly<Record<string, TextWithSecrets>>;
}

/**
 * The annotations for one node's sessions, in the form that a release reads. The password is Base64 without a line end: kube-router takes
 * a line end for a part of it.
 *
 * A node with two families names its own address of every session. By default kube-router connects from its primary address whatever the
 * peer's family is (facts 2.6).
 */
export function peerAnnotations(
  version: Version,
  sessions: readonly Session[],
  asn: number,
  password: Secret | undefined,
): PeerAnnotations {
  const dual = new Set(sessions.map(({ family }) => family)).size > 1;
  if (!isBefore(version, PEERS_ANNOTATION)) {
    return { open: {}, secret: { [ANNOTATION.peers]: sessions.flatMap((session) => peerLine(session, asn, dual, password)) } };
  }
  const items = (item: (session: Session) => string) => sessions.map(item).join(",");
  return {
    open: {
      [ANNOTATION.addresses]: items(({ peer_address: address }) => address),
      [ANNOTATION.asns]: items(() => String(asn)),
      ...(dual ? { [ANNOTATION.localAddresses]: items(({ local_address: address }) => address) } : {}),
    },
    secret:
      password === undefined
        ? {}
        : {
            [ANNOTATION.passwords]: sessions.flatMap((_session, index) => [...(index > 0 ? [","] : []), { base64: password }]),
          },
  };
}

/** An item of the YAML list, in YAML's flow form, where every text is quoted and so IPv6 addresses are texts too. */
function peerLine(session: Session, asn: number, dual: boolean, password: Secret | undefined): TextWithSecrets {
  const { peer_address: remoteip, local_address: localip } = session;
  const open = JSON.stringify({ remoteip, remoteasn: asn, ...(dual ? { localip } : {}) }).slice(0, -1);
  return password === undefined ? [`- ${open}}\n`] : [`- ${open},"password":"`, { base64: password }, '"}\n'];
}
