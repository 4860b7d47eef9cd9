import type { TaskRegistry, TaskType } from "../runner/task-type.ts";
import { aaep } from "./aci/aaep.ts";
import { bgpEcmp } from "./aci/bgp-ecmp.ts";
import { bgpPeer } from "./aci/bgp-peer.ts";
import { bgpPeerPrefix } from "./aci/bgp-peer-prefix.ts";
import { bgpTimers } from "./aci/bgp-timers.ts";
import { contract } from "./aci/contract.ts";
import { contractUse } from "./aci/contract-use.ts";
import { domain } from "./aci/domain.ts";
import { externalEpg } from "./aci/external-epg.ts";
import { floatingSvi } from "./aci/floating-svi.ts";
import { interfacePolicyGroup } from "./aci/interface-policy-group.ts";
import { l3out } from "./aci/l3out.ts";
import { lacpPolicy } from "./aci/lacp-policy.ts";
import { nodeProfile } from "./aci/node-profile.ts";
import { port } from "./aci/port.ts";
import { routeControl } from "./aci/route-control.ts";
import { routeMap } from "./aci/route-map.ts";
import { secondaryAddress } from "./aci/secondary-address.ts";
import { svi } from "./aci/svi.ts";
import { transitExport } from "./aci/transit-export.ts";
import { vlanPool } from "./aci/vlan-pool.ts";
import { vpcPair } from "./aci/vpc-pair.ts";
import { vrfBgp } from "./aci/vrf-bgp.ts";
import { rotatePassword } from "./bgp/rotate-password.ts";
import { bgpConfiguration } from "./calico/bgp-configuration.ts";
import { bgpPassword } from "./calico/bgp-password.ts";
import { bgpPeers } from "./calico/bgp-peers.ts";
import { blocksReleased } from "./calico/blocks-released.ts";
import { crds } from "./calico/crds.ts";
import { installation } from "./calico/installation.ts";
import { loadBalancerPool } from "./calico/load-balancer-pool.ts";
import { podBlocks } from "./calico/pod-blocks.ts";
import { podNetwork } from "./calico/pod-network.ts";
import { present } from "./calico/present.ts";
import { calicoWithdraw } from "./calico/withdraw.ts";
import { ciliumBgp } from "./cilium/bgp.ts";
import { ciliumBgpPassword } from "./cilium/bgp-password.ts";
import { ciliumLoadBalancerPool } from "./cilium/load-balancer-pool.ts";
import { ciliumPodPrefixes } from "./cilium/pod-prefixes.ts";
import { ciliumPrefixesReleased } from "./cilium/prefixes-released.ts";
import { ciliumRelease } from "./cilium/release.ts";
import { ciliumWithdraw } from "./cilium/withdraw.ts";
import { cniRollout } from "./cni/rollout.ts";
import { cniUpgradePath } from "./cni/upgrade-path.ts";
import { assertThat } from "./general/assert.ts";
import { debug } from "./general/debug.ts";
import { pause } from "./general/pause.ts";
import { setFact } from "./general/set-fact.ts";
import { release } from "./helm/release.ts";
import { cordon } from "./k8s/cordon.ts";
import { deleteNode } from "./k8s/delete-node.ts";
import { drain } from "./k8s/drain.ts";
import { join } from "./k8s/join.ts";
import { manifest } from "./k8s/manifest.ts";
import { nodeLabel } from "./k8s/node-label.ts";
import { nodes } from "./k8s/nodes.ts";
import { k8sReset } from "./k8s/reset.ts";
import { serviceEndpoints } from "./k8s/service-endpoints.ts";
import { volumesDetached } from "./k8s/volumes-detached.ts";
import { daemonSet } from "./kube-router/daemonset.ts";
import { peers as kubeRouterPeers } from "./kube-router/peers.ts";
import { kubeRouterPodPrefixes } from "./kube-router/pod-prefixes.ts";
import { restart } from "./kube-router/restart.ts";
import { kubeRouterWithdraw } from "./kube-router/withdraw.ts";
import { nodeNetwork } from "./node/network.ts";
import { nodeReachable } from "./node/reachable.ts";
import { nodeReboot } from "./node/reboot.ts";
import { restoreNetwork } from "./node/restore-network.ts";
import { preflightAllocation } from "./preflight/allocation.ts";
import { preflightCluster } from "./preflight/cluster.ts";
import { preflightContract } from "./preflight/contract.ts";
import { preflightFabric } from "./preflight/fabric.ts";
import { preflightJoining } from "./preflight/joining.ts";
import { preflightLeaving } from "./preflight/leaving.ts";
import { preflightMaintenance } from "./preflight/maintenance.ts";
import { preflightPorts } from "./preflight/ports.ts";
import { preflightRemoval } from "./preflight/removal.ts";
import { preflightSegments } from "./preflight/segments.ts";
import { calicoSessions } from "./verify/calico-sessions.ts";
import { ciliumSessions } from "./verify/cilium-sessions.ts";
import { contractInForce } from "./verify/contract-use.ts";
import { exportedPrefixes } from "./verify/exported-prefixes.ts";
import { kubeRouterSessions } from "./verify/kube-router-sessions.ts";
import { leafBgpSessions } from "./verify/leaf-bgp-sessions.ts";
import { leafRoutes } from "./verify/leaf-routes.ts";
import { nodeGateway } from "./verify/node-gateway.ts";
import { nodeRoutes } from "./verify/node-routes.ts";
import { nodesReady } from "./verify/nodes-ready.ts";
import { report } from "./verify/report.ts";
import { routesAbsent } from "./verify/routes-absent.ts";
import { sentPrefixes } from "./verify/sent-prefixes.ts";
import { serviceRoutes } from "./verify/service-routes.ts";

/** Every task type there is. Adding one: its file, a line here, its fixtures (CONTRIBUTING.md). */
const taskTypes: readonly TaskType[] = [
  l3out,
  nodeProfile,
  floatingSvi,
  svi,
  externalEpg,
  secondaryAddress,
  routeControl,
  bgpTimers,
  routeMap,
  bgpEcmp,
  vrfBgp,
  bgpPeerPrefix,
  bgpPeer,
  vlanPool,
  domain,
  aaep,
  lacpPolicy,
  vpcPair,
  interfacePolicyGroup,
  port,
  contract,
  contractUse,
  transitExport,
  release,
  manifest,
  nodeLabel,
  join,
  k8sReset,
  nodes,
  cordon,
  drain,
  volumesDetached,
  deleteNode,
  present,
  podNetwork,
  crds,
  installation,
  bgpConfiguration,
  bgpPassword,
  rotatePassword,
  cniRollout,
  cniUpgradePath,
  bgpPeers,
  loadBalancerPool,
  podBlocks,
  blocksReleased,
  calicoWithdraw,
  ciliumRelease,
  ciliumBgpPassword,
  ciliumBgp,
  ciliumLoadBalancerPool,
  ciliumPodPrefixes,
  ciliumPrefixesReleased,
  ciliumWithdraw,
  preflightCluster,
  preflightFabric,
  preflightPorts,
  preflightRemoval,
  preflightJoining,
  preflightLeaving,
  preflightMaintenance,
  preflightContract,
  preflightSegments,
  preflightAllocation,
  serviceEndpoints,
  daemonSet,
  kubeRouterPeers,
  restart,
  kubeRouterPodPrefixes,
  kubeRouterWithdraw,
  nodesReady,
  calicoSessions,
  ciliumSessions,
  kubeRouterSessions,
  leafBgpSessions,
  leafRoutes,
  nodeRoutes,
  routesAbsent,
  report,
  serviceRoutes,
  contractInForce,
  exportedPrefixes,
  sentPrefixes,
  nodeGateway,
  assertThat,
  debug,
  pause,
  setFact,
  nodeNetwork,
  nodeReachable,
  nodeReboot,
  restoreNetwork,
];

/** The registry handed to the loader and the engine. */
export const registry: TaskRegistry = new Map(taskTypes.map((type) => [type.name, type]));
