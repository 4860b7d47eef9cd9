import { Type } from "#typebox";
import { declareTask } from "../../runner/task-type.ts";
import { State } from "../k8s/state.ts";
import { asnWarnings } from "./asn.ts";

const Networks = (description: string) =>
  Type.Optional(Type.Array(Type.String({ format: "network" }), { uniqueItems: true, description }));

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
      service_cluster_ips: Networks("Service prefixes that every node announces, one for each family (serviceClusterIPs)"),
      service_external_ips: Networks("Prefixes of external service addresses (serviceExternalIPs)"),
      service_load_balancer_ips: Networks("Prefixes of load balancer addresses (serviceLoadBalancerIPs)"),
      force: Type.Boolean({ default: true, description: "Take over the fields named here when somebody else has changed them" }),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "On a running cluster run calico.bgp_peers first: switching the mesh off removes all of its sessions at once.",
    "Only the fields named here are ours; what was changed in them by hand is put back. With `force: false` that is a failure instead, which names who did it.",
    "A list that is empty or not given is left alone when it was never ours, and removed when it was.",
    "`state: absent` deletes the object, with what others have set in it; Calico's defaults come back: AS 64512, mesh on.",
  ],
  example: `- name: BGP configuration, cluster AS and no node-to-node mesh
  calico.bgp_configuration:
    asn: 65003
    service_cluster_ips: [192.168.8.0/22, "fd00:8::/112"]`,
  warn: ({ asn }) => asnWarnings(asn),
  desired: ({ args }) => [
    {
      kind: "manifest",
      state: args.state,
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

function prefixes(field: string, networks: readonly string[] = []) {
  return networks.length === 0 ? {} : { [field]: networks.map((cidr) => ({ cidr })) };
}
