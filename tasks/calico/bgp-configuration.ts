import { Type } from "typebox";
import { declareTask } from "../../runner/task-type.ts";

const Networks = (description: string) =>
  Type.Optional(Type.Array(Type.String({ format: "network" }), { minItems: 1, uniqueItems: true, description }));

/** The largest number that `format: int32` of Calico's CRDs holds. */
const LARGEST_PROVEN_ASN = 2147483647;

/**
 * The cluster-wide BGPConfiguration `default`. Never sets nodeMeshPassword or nodeMeshMaxRestartTime: Calico refuses them together
 * with nodeToNodeMeshEnabled false.
 */
export const bgpConfiguration = declareTask({
  name: "calico.bgp_configuration",
  summary: "Calico's BGPConfiguration: cluster AS, node-to-node mesh, service prefixes",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      asn: Type.Integer({ minimum: 1, maximum: 4294967295, description: "AS of all nodes (BGPConfiguration.spec.asNumber)" }),
      node_to_node_mesh: Type.Boolean({
        default: false,
        description: "iBGP between all nodes; off when the leaves carry the routes",
      }),
      service_cluster_ips: Networks("Service prefixes that every node announces (serviceClusterIPs)"),
      service_external_ips: Networks("Prefixes of external service addresses (serviceExternalIPs)"),
      service_load_balancer_ips: Networks("Prefixes of load balancer addresses (serviceLoadBalancerIPs)"),
      force: Type.Boolean({ default: true, description: "Take over the fields named here when somebody else has changed them" }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "On a running cluster run calico.bgp_peers first: switching the mesh off removes all of its sessions at once.",
    "Only the fields named here are ours; what was changed in them by hand is put back. With `force: false` that is a failure instead, which names who did it.",
    "A list that is not given is left alone when it was never ours, and removed when it was.",
  ],
  example: `- name: BGP configuration, cluster AS and no node-to-node mesh
  calico.bgp_configuration:
    asn: 65003
    service_cluster_ips: [192.168.8.0/22]`,
  warn: ({ asn }) => asnWarnings(asn),
  desired: ({ args }) => [
    {
      kind: "manifest",
      state: "present",
      force: args.force,
      object: {
        apiVersion: "projectcalico.org/v3",
        kind: "BGPConfiguration",
        metadata: { name: "default" },
        spec: {
          asNumber: args.asn,
          nodeToNodeMeshEnabled: args.node_to_node_mesh,
          ...prefixes("serviceClusterIPs", args.service_cluster_ips),
          ...prefixes("serviceExternalIPs", args.service_external_ips),
          ...prefixes("serviceLoadBalancerIPs", args.service_load_balancer_ips),
        },
      },
    },
  ],
});

/** A warning for AS numbers that Calico's schema calls out of range. */
export function asnWarnings(asn: number): readonly string[] {
  if (asn <= LARGEST_PROVEN_ASN) return [];
  return [`AS ${asn} is larger than the int32 of Calico's CRDs (${LARGEST_PROVEN_ASN}): try it on a test cluster first`];
}

function prefixes(field: string, networks: readonly string[] | undefined) {
  return networks === undefined ? {} : { [field]: networks.map((cidr) => ({ cidr })) };
}
