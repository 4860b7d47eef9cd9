import { Type } from "#typebox";
import type { Manifest } from "../../runner/connect/cluster.ts";
import type { Refusal } from "../../runner/task.ts";
import { declareTask } from "../../runner/task-type.ts";
import { isBefore, parseVersion } from "../cni/version.ts";
import { State } from "../k8s/state.ts";
import { Families, ReleaseVersion } from "./arguments.ts";
import { daemonArguments } from "./daemon-arguments.ts";
import { daemonSetObjects } from "./daemonset-objects.ts";
import { DUAL_STACK, refuseRelease, warnRelease } from "./release.ts";

/** kube-router as the white paper configures it: eBGP with the leaves, no iBGP, no overlay, no NAT of pods. */
export const daemonSet = declareTask({
  name: "kube_router.daemonset",
  summary: "kube-router: eBGP only, no overlay, no NAT",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      version: ReleaseVersion,
      asn: Type.Integer({
        minimum: 64512,
        maximum: 4294967294,
        description: "AS of all nodes (--cluster-asn): 64512 to 65535 or 4200000000 to 4294967294",
      }),
      families: Families,
      image: Type.String({
        pattern: "^[^:@\\s]+(:[0-9]+/[^:@\\s]+)?$",
        default: "docker.io/cloudnativelabs/kube-router",
        description: "Image without tag; the tag is the version",
      }),
      api_server: Type.Optional(
        Type.String({
          pattern: "^https://\\S+$",
          description: "Address of the Kubernetes API for kube-router; default: as in kube-proxy's ConfigMap of kubeadm",
        }),
      ),
      service_proxy: Type.Boolean({
        default: false,
        description: "Do the work of kube-proxy too (--run-service-proxy); then take kube-proxy away yourself",
      }),
      advertise_cluster_ips: Type.Boolean({ default: false, description: "Announce ClusterIPs too (--advertise-cluster-ip)" }),
      allocate_load_balancer_ips: Type.Boolean({
        default: true,
        description: "Give addresses of load_balancer_subnet to services of type LoadBalancer (--run-loadbalancer, 2.0)",
      }),
      override_next_hop: Type.Boolean({
        default: true,
        description: "Announce the node's own address of the session as next hop (--override-nexthop)",
      }),
      graceful_restart: Type.Boolean({
        default: true,
        description: "Leaves keep the routes for 90 s while a pod restarts (--bgp-graceful-restart)",
      }),
      hold_time: Type.Optional(
        Type.Integer({
          minimum: 3,
          maximum: 65536,
          description:
            "Seconds offered to the leaves (--bgp-holdtime); the smaller of both ends counts. kube-router's default: 90",
        }),
      ),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "Objects in kube-system: ServiceAccount, ClusterRole, ClusterRoleBinding, ConfigMap kube-router-cfg, DaemonSet kube-router. Upstream's of the same names are taken over.",
    "kube-router reads a node's peers only when it starts: kube_router.peers goes before, kube_router.restart after.",
    "kube-proxy stays and serves services, as in the white paper. With `service_proxy: true` delete its DaemonSet and run `kube-proxy --cleanup` on every node, and give `api_server`: kube-router cannot reach the API through a service that it has yet to set up.",
    "Since 2.8 addresses of services outside the subnets of `families` are neither served nor announced.",
    "Pod prefixes come from kube-controller-manager (--allocate-node-cidrs, --cluster-cidr, --node-cidr-mask-size-ipv4).",
    "Dual stack: the fabric's peers carry one family each and kube_router.peers sets each one's own local address, so that the next hop of each session has its family; that is why override_next_hop stays on.",
    "Graceful restart is on as in upstream's manifests, so that a restart of a pod loses no traffic. The price: the routes of a node that dies linger as long. Do not combine it with BFD (2.11).",
  ],
  example: `- name: kube-router, eBGP only, no overlay, no NAT
  kube_router.daemonset:
    version: v2.11.1
    asn: 65003
    families:
      - family: ipv4
        service_subnet: 192.168.45.0/24
        external_service_subnet: 192.168.46.0/24
        load_balancer_subnet: 192.168.47.0/24`,
  refuse: ({ version, asn, families }) => [
    ...refuseRelease(
      version,
      families.map(({ family }) => family),
    ),
    ...refuseAsn(asn),
  ],
  warn: ({ version, families, service_proxy: proxies, api_server: apiServer }) => [
    ...warnRelease(version),
    ...(proxies && apiServer === undefined
      ? ["service_proxy without api_server: kube-router takes kube-proxy's ConfigMap for its kubeconfig, which must stay"]
      : []),
    ...(families.length === 2 && families[0]?.family === families[1]?.family ? ["both families are the same"] : []),
  ],
  desired: ({ args }) => {
    // Refused above when it is none.
    const version = parseVersion(args.version);
    if (version === undefined) return [];
    const allocates =
      args.allocate_load_balancer_ips &&
      !isBefore(version, DUAL_STACK) &&
      args.families.some(({ load_balancer_subnet: subnet }) => subnet !== undefined);
    const settings = {
      asn: args.asn,
      families: args.families,
      serviceProxy: args.service_proxy,
      advertiseClusterIps: args.advertise_cluster_ips,
      allocateLoadBalancers: args.allocate_load_balancer_ips,
      overrideNextHop: args.override_next_hop,
      gracefulRestart: args.graceful_restart,
      holdTime: args.hold_time,
    };
    const objects = daemonSetObjects({
      image: `${args.image}:v${args.version.replace(/^v/, "")}`,
      arguments: daemonArguments(settings, version),
      apiServer: args.api_server,
      allocatesLoadBalancers: allocates,
    });
    return objects.map((object): Manifest => ({ kind: "manifest", state: args.state, object, force: true }));
  },
});

/** kube-router refuses to start with a cluster AS outside of the private ranges (facts 2.1). */
function refuseAsn(asn: number): readonly Refusal[] {
  if (asn <= 65535 || asn >= 4200000000) return [];
  const message = `must be 64512 to 65535 or 4200000000 to 4294967294 (it is ${asn})`;
  return [{ argument: ["asn"], message, hint: "kube-router takes no other for --cluster-asn" }];
}
