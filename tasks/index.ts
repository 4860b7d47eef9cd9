import type { TaskRegistry, TaskType } from "../runner/task-type.ts";
import { bgpEcmp } from "./aci/bgp-ecmp.ts";
import { bgpPeer } from "./aci/bgp-peer.ts";
import { bgpPeerPrefix } from "./aci/bgp-peer-prefix.ts";
import { bgpTimers } from "./aci/bgp-timers.ts";
import { externalEpg } from "./aci/external-epg.ts";
import { floatingSvi } from "./aci/floating-svi.ts";
import { l3out } from "./aci/l3out.ts";
import { nodeProfile } from "./aci/node-profile.ts";
import { routeControl } from "./aci/route-control.ts";
import { routeMap } from "./aci/route-map.ts";
import { secondaryAddress } from "./aci/secondary-address.ts";
import { vrfBgp } from "./aci/vrf-bgp.ts";
import { bgpConfiguration } from "./calico/bgp-configuration.ts";
import { bgpPassword } from "./calico/bgp-password.ts";
import { bgpPeers } from "./calico/bgp-peers.ts";
import { installation } from "./calico/installation.ts";
import { podBlocks } from "./calico/pod-blocks.ts";
import { assertThat } from "./general/assert.ts";
import { debug } from "./general/debug.ts";
import { pause } from "./general/pause.ts";
import { setFact } from "./general/set-fact.ts";
import { release } from "./helm/release.ts";
import { manifest } from "./k8s/manifest.ts";
import { nodeLabel } from "./k8s/node-label.ts";
import { nodeNetwork } from "./node/network.ts";
import { preflightFabric } from "./preflight/fabric.ts";
import { calicoSessions } from "./verify/calico-sessions.ts";
import { leafBgpSessions } from "./verify/leaf-bgp-sessions.ts";
import { leafRoutes } from "./verify/leaf-routes.ts";
import { nodeGateway } from "./verify/node-gateway.ts";
import { nodesReady } from "./verify/nodes-ready.ts";

/** Every task type there is. Adding one: its file, a line here, its fixtures (CONTRIBUTING.md). */
const taskTypes: readonly TaskType[] = [
  l3out,
  nodeProfile,
  floatingSvi,
  externalEpg,
  secondaryAddress,
  routeControl,
  bgpTimers,
  routeMap,
  bgpEcmp,
  vrfBgp,
  bgpPeerPrefix,
  bgpPeer,
  release,
  manifest,
  nodeLabel,
  installation,
  bgpConfiguration,
  bgpPassword,
  bgpPeers,
  podBlocks,
  preflightFabric,
  nodesReady,
  calicoSessions,
  leafBgpSessions,
  leafRoutes,
  nodeGateway,
  assertThat,
  debug,
  pause,
  setFact,
  nodeNetwork,
];

/** The registry handed to the loader and the engine. */
export const registry: TaskRegistry = new Map(taskTypes.map((type) => [type.name, type]));
