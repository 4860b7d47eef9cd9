import { Address4, Address6 } from "ip-address";
import type { Json } from "../../../runner/json.ts";
import { type KubeObject, listAt, objectAt, textAt, valueAt } from "../objects/kube-object.ts";

/** Reasons to refuse an object; none: accepted. Rules of Calico's validator (facts, cni.md 1.3), worded as its newer CEL rules are. */
export type Rules = (object: KubeObject) => readonly string[];

/** The messages of the rules that are broken. */
function broken(...rules: readonly (readonly [broken: boolean, message: string])[]): readonly string[] {
  return rules.filter(([isBroken]) => isBroken).map(([, message]) => message);
}

function isSet(spec: Json, name: string): boolean {
  const value = valueAt(spec, name);
  return value !== undefined && value !== "" && value !== 0;
}

/** Whether a text is a prefix of either family. */
function isPrefix(value: string): boolean {
  return value.includes("/") && (Address4.isValid(value) || Address6.isValid(value));
}

/** `ip`, `ip:port`, `[v6]:port`. */
function isPeerAddress(value: string): boolean {
  const [, v6, v4] = /^(?:\[([^\]]+)\](?::\d+)?|([^:]+)(?::\d+)?)$/.exec(value) ?? [];
  return Address4.isValid(v4 ?? value) || Address6.isValid(v6 ?? value);
}

const bgpConfiguration: Rules = (object) => {
  const { spec = {} } = object;
  const { name } = object.metadata;
  const noMesh = valueAt(spec, "nodeToNodeMeshEnabled") === false;
  const lists = ["serviceClusterIPs", "serviceExternalIPs", "serviceLoadBalancerIPs", "prefixAdvertisements"];
  const prefixes = lists.flatMap((list) => listAt(spec, list).map((entry) => textAt(entry, "cidr")));
  return broken(
    [name !== "default" && !name.startsWith("node."), 'the name must be "default" or "node.<node name>"'],
    [noMesh && isSet(spec, "nodeMeshPassword"), "nodeMeshPassword cannot be set when nodeToNodeMeshEnabled is false"],
    [noMesh && isSet(spec, "nodeMeshMaxRestartTime"), "nodeMeshMaxRestartTime cannot be set when nodeToNodeMeshEnabled is false"],
    ...prefixes.map((cidr) => [!isPrefix(cidr), `invalid CIDR address: ${cidr}`] as const),
  );
};

const bgpPeer: Rules = ({ spec = {} }) => {
  const selected = isSet(spec, "peerSelector");
  const workload = isSet(spec, "localWorkloadSelector");
  const peer = textAt(spec, "peerIP");
  return broken(
    [isSet(spec, "node") && isSet(spec, "nodeSelector"), "node and nodeSelector cannot both be set"],
    [peer !== "" && selected, "peerIP and peerSelector cannot both be set"],
    [selected && isSet(spec, "asNumber"), "asNumber must be empty when peerSelector is set"],
    [workload && peer !== "", "peerIP must be empty when localWorkloadSelector is set"],
    [workload && selected, "peerSelector must be empty when localWorkloadSelector is set"],
    [workload && !isSet(spec, "asNumber"), "asNumber is required when localWorkloadSelector is set"],
    [!workload && !selected && peer === "", "one of peerIP, peerSelector and localWorkloadSelector must be set"],
    [peer !== "" && !isPeerAddress(peer), `peerIP is not an address with an optional port: ${peer}`],
  );
};

const bgpFilter: Rules = ({ spec = {} }) =>
  ["importV4", "exportV4", "importV6", "exportV6"].flatMap((list) =>
    listAt(spec, list).flatMap((rule, index) => {
      const cidr = textAt(rule, "cidr");
      const valid = list.endsWith("V4") ? Address4.isValid(cidr) : Address6.isValid(cidr);
      return broken(
        [isSet(rule, "cidr") !== isSet(rule, "matchOperator"), `${list}[${index}]: cidr and matchOperator must be set together`],
        [cidr !== "" && !valid, `${list}[${index}]: invalid CIDR: ${cidr}`],
        [isSet(rule, "prefixLength") && cidr === "", `${list}[${index}]: prefixLength needs a cidr`],
      );
    }),
  );

const ipPool: Rules = ({ spec = {} }) => {
  const cidr = textAt(spec, "cidr");
  const v6 = cidr.includes(":");
  const { blockSize } = objectAt({ spec }, "spec");
  const [low, high] = v6 ? [116, 128] : [20, 32];
  const tunnel = (name: string) => isSet(spec, name) && textAt(spec, name) !== "Never";
  if (!isPrefix(cidr)) return [`invalid CIDR address: ${cidr}`];
  const length = Number(cidr.split("/")[1]);
  const sized = typeof blockSize === "number";
  return broken(
    [sized && (blockSize < low || blockSize > high), `block size must be between ${low} and ${high}`],
    [sized && length > blockSize, "IP pool size is too small for the block size"],
    [tunnel("ipipMode") && tunnel("vxlanMode"), "ipipMode and vxlanMode cannot both be enabled"],
    [v6 && tunnel("ipipMode"), "IPIP is not supported on IPv6 pools"],
  );
};

/** Rules by kind. */
export const v3Rules: Readonly<Record<string, Rules>> = {
  BGPConfiguration: bgpConfiguration,
  BGPPeer: bgpPeer,
  BGPFilter: bgpFilter,
  IPPool: ipPool,
};
