import { computeRouting, type Routing, type RoutingInput } from "../../../lab/bgp/routing.ts";
import type { LabKubeObject, LabNodeState, LabObject } from "../../../lab/parts.ts";
import type { LabLeaf, LabNode } from "../../../lab/spec.ts";

/** Everything that a test may want to be different from the paper's example. */
export interface Design {
  readonly nodesPerRack: number;
  readonly blocksPerNode: number;
  readonly leafPassword: string;
  readonly nodePassword: string;
  readonly passwordRole: boolean;
  readonly leafRemoteAs: string;
  readonly clusterAs: number;
  readonly peerAs: number;
  readonly peerControl: string;
  readonly peerAddress: string;
  readonly vlan: number;
  readonly vlanPool: readonly [from: number, to: number];
  readonly nodeVlan: number | undefined;
  readonly mode: string;
  readonly gateway: string;
  readonly enforce: string;
  readonly matched: readonly string[];
  readonly aggregate: string;
  readonly maxAsLimit: string;
  readonly maxEcmp: string;
  readonly maxPfx: string;
  readonly limitAction: string;
  readonly rogue: string | undefined;
  readonly filterRules: readonly unknown[];
  readonly services: boolean;
}

const PAPER: Design = {
  nodesPerRack: 3,
  blocksPerNode: 1,
  leafPassword: "secret",
  nodePassword: "secret",
  passwordRole: true,
  leafRemoteAs: "65003",
  clusterAs: 65003,
  peerAs: 65002,
  peerControl: "as-override,dis-peer-as-check",
  peerAddress: "192.168.0.0/16",
  vlan: 310,
  vlanPool: [300, 399],
  nodeVlan: 310,
  mode: "regular",
  gateway: "192.168.2.254",
  enforce: "export,import",
  matched: ["10.1.0.0/16", "192.168.8.0/22"],
  aggregate: "yes",
  maxAsLimit: "1",
  maxEcmp: "64",
  maxPfx: "500",
  limitAction: "reject",
  rogue: undefined,
  filterRules: [],
  services: true,
};

/** Leaves of two racks. */
export const LEAVES: readonly LabLeaf[] = [201, 202, 203, 204].map((id) => ({
  name: `leaf${id}`,
  id,
  pod: 1,
  rack: id < 203 ? "1" : "2",
}));

const OUT = "uni/tn-k8s/out-calico";
const PROFILE = `${OUT}/lnodep-anchors`;

function fabricObjects(design: Design): Map<string, LabObject> {
  const objects = new Map<string, LabObject>();
  const put = (className: string, dn: string, attributes: Record<string, string> = {}, secure: Record<string, string> = {}) => {
    objects.set(dn, { className, dn, attributes, secure });
    return dn;
  };
  put("fvCtx", "uni/tn-k8s/ctx-calico", { name: "calico" });
  put("fvRsCtxToBgpCtxAfPol", "uni/tn-k8s/ctx-calico/rsctxToBgpCtxAfPol-[ecmp]-ipv4-ucast", {
    af: "ipv4-ucast",
    tnBgpCtxAfPolName: "ecmp",
  });
  put("bgpCtxAfPol", "uni/tn-k8s/bgpCtxAfP-ecmp", { maxEcmp: design.maxEcmp, maxEcmpIbgp: design.maxEcmp });
  put("bgpCtxPol", "uni/tn-k8s/bgpCtxP-timers", { kaIntvl: "2", holdIntvl: "6", maxAsLimit: design.maxAsLimit });
  put("bgpPeerPfxPol", "uni/tn-k8s/bgpPfxP-limit", { maxPfx: design.maxPfx, action: design.limitAction });
  put("physDomP", "uni/phys-k8s");
  put("infraRsVlanNs", "uni/phys-k8s/rsvlanNs", { tDn: "uni/infra/vlanns-[k8s]-static" });
  const [from, to] = design.vlanPool;
  put("fvnsEncapBlk", `uni/infra/vlanns-[k8s]-static/from-[vlan-${from}]-to-[vlan-${to}]`, {
    from: `vlan-${from}`,
    to: `vlan-${to}`,
  });
  put("l3extOut", OUT, { enforceRtctrl: design.enforce });
  put("l3extRsEctx", `${OUT}/rsectx`, { tnFvCtxName: "calico" });
  put("bgpExtP", `${OUT}/bgpExtP`);
  put("l3extLNodeP", PROFILE);
  put("bgpProtP", `${PROFILE}/protp`);
  put("bgpRsBgpNodeCtxPol", `${PROFILE}/protp/rsbgpNodeCtxPol`, { tnBgpCtxPolName: "timers" });
  put("l3extLIfP", `${PROFILE}/lifp-svi`);
  put("rtctrlSubjP", "uni/tn-k8s/subj-pods");
  for (const ip of design.matched)
    put("rtctrlMatchRtDest", `uni/tn-k8s/subj-pods/dest-[${ip}]`, { ip, aggregate: design.aggregate });
  for (const direction of ["import", "export"]) {
    const map = put("rtctrlProfile", `${OUT}/prof-default-${direction}`, { type: "combinable" });
    put("rtctrlCtxP", `${map}/ctx-k8s`, { action: "permit", order: "0" });
    put("rtctrlRsCtxPToSubjP", `${map}/ctx-k8s/rsctxPToSubjP-pods`, { tnRtctrlSubjPName: "pods" });
  }
  for (const leaf of LEAVES) {
    const nodeDn = `topology/pod-1/node-${leaf.id}`;
    put("topSystem", `${nodeDn}/sys`, { address: `10.0.0.${leaf.id}` });
    put("l3extRsNodeL3OutAtt", `${PROFILE}/rsnodeL3OutAtt-[${nodeDn}]`, { tDn: nodeDn, rtrId: `1.1.4.${leaf.id}` });
    const svi = put("l3extVirtualLIfP", `${PROFILE}/lifp-svi/vlifp-[${nodeDn}]-[vlan-${design.vlan}]`, {
      nodeDn,
      encap: `vlan-${design.vlan}`,
      addr: `192.168.2.${leaf.id}/23`,
      mode: design.mode,
    });
    put("l3extRsDynPathAtt", `${svi}/rsdynPathAtt-[uni/phys-k8s]`, { tDn: "uni/phys-k8s", floatingAddr: "192.168.2.253/23" });
    put("l3extIp", `${svi}/addr-[192.168.2.254/23]`, { addr: "192.168.2.254/23" });
    const peer = put(
      "bgpPeerP",
      `${svi}/peerP-[${design.peerAddress}]`,
      { addr: design.peerAddress, ctrl: design.peerControl },
      { password: design.leafPassword },
    );
    put("bgpAsP", `${peer}/as`, { asn: design.leafRemoteAs });
    put("bgpRsPeerPfxPol", `${peer}/rspeerPfxPol`, { tnBgpPeerPfxPolName: "limit" });
  }
  return objects;
}

/** `n0` of rack 1, `n1` of rack 2, `n2` of rack 1 … with addresses from 192.168.2.1 on, past the leaves' in a /23. */
export function nodesOf(design: Pick<Design, "nodesPerRack" | "nodeVlan" | "gateway">): LabNode[] {
  return Array.from({ length: design.nodesPerRack * 2 }, (_, index) => ({
    name: `n${index}`,
    rack: index % 2 === 0 ? "1" : "2",
    interfaces: ["eno1", "eno2"],
    leaves: index % 2 === 0 ? [201, 202] : [203, 204],
    ports: [`eth1/${index + 1}`, `eth1/${index + 1}`],
    policyGroup: `n${index}`,
    addresses: [index < 200 ? `192.168.2.${index + 1}/23` : `192.168.3.${index - 199}/23`],
    gateways: [design.gateway],
    vlan: design.nodeVlan,
    user: "underlay",
    sudoPassword: undefined,
    controlPlane: index < 2,
  }));
}

/** A node's kernel after `node.network`: bond, VLAN link, default route. */
export function stateOfNode(node: LabNode): LabNodeState {
  const bare = { mtu: 9000, master: undefined, mode: undefined, vlan: undefined, addresses: [] };
  const top = node.vlan === undefined ? "bond0" : `bond0.${node.vlan}`;
  return {
    name: node.name,
    poweredOn: true,
    links: [
      ...node.interfaces.map((name) => ({ ...bare, name, kind: "ethernet" as const, up: true, master: "bond0" })),
      {
        ...bare,
        name: "bond0",
        kind: "bond" as const,
        up: true,
        mode: "802.3ad",
        addresses: node.vlan === undefined ? node.addresses : [],
      },
      ...(node.vlan === undefined
        ? []
        : [
            {
              ...bare,
              name: top,
              kind: "vlan" as const,
              up: true,
              vlan: { id: node.vlan, parent: "bond0" },
              addresses: node.addresses,
            },
          ]),
    ],
    routes: node.gateways.map((gateway) => ({ destination: "default", gateway, device: top })),
  };
}

function object(kind: string, name: string, rest: Record<string, unknown> = {}, namespace?: string): LabKubeObject {
  const { labels, ...fields } = rest;
  return {
    apiVersion: "v1",
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...(isLabels(labels) ? { labels } : {}) },
    ...fields,
  };
}

function isLabels(value: unknown): value is Record<string, string> {
  return typeof value === "object" && value !== null;
}

/** The cluster's objects after the playbook's Calico play. */
export function kubeObjects(design: Design, nodes: readonly LabNode[]): LabKubeObject[] {
  const namespace = "calico-system";
  const objects = [
    object("Installation", "default", { spec: { calicoNetwork: { bgp: "Enabled" } } }),
    object("BGPConfiguration", "default", {
      spec: {
        asNumber: design.clusterAs,
        nodeToNodeMeshEnabled: false,
        serviceClusterIPs: design.services ? [{ cidr: "192.168.8.0/22" }] : [],
      },
    }),
    object("BGPFilter", "no-reexport", { spec: { exportV4: design.filterRules } }),
    object("Secret", "bgp-secrets", { data: { password: Buffer.from(design.nodePassword).toString("base64") } }, namespace),
    object(
      "RoleBinding",
      "bgp-secrets",
      {
        roleRef: { kind: "Role", name: "bgp-secrets" },
        subjects: [{ kind: "ServiceAccount", name: "calico-node", namespace }],
      },
      namespace,
    ),
    ...LEAVES.map((leaf) =>
      object("BGPPeer", String(leaf.id), {
        spec: {
          peerIP: `192.168.2.${leaf.id}`,
          asNumber: design.peerAs,
          nodeSelector: `rack_id == "${leaf.rack}"`,
          password: { secretKeyRef: { name: "bgp-secrets", key: "password" } },
          filters: ["no-reexport"],
        },
      }),
    ),
  ];
  if (design.passwordRole) {
    const rules = [{ apiGroups: [""], resources: ["secrets"], resourceNames: ["bgp-secrets"], verbs: ["get", "list", "watch"] }];
    objects.push(object("Role", "bgp-secrets", { rules }, namespace));
  }
  for (const [index, node] of nodes.entries()) {
    const address = node.addresses[0]?.split("/")[0];
    objects.push(
      object("Node", node.name, { labels: { rack_id: node.rack }, status: { addresses: [{ type: "InternalIP", address }] } }),
      object(
        "Pod",
        `calico-node-${index}`,
        { labels: { "k8s-app": "calico-node" }, spec: { nodeName: node.name }, status: { phase: "Running" } },
        namespace,
      ),
    );
    for (let block = 0; block < design.blocksPerNode; block += 1) {
      const cidr = block === 0 && design.rogue !== undefined && index === 0 ? design.rogue : blockOf(index, block);
      objects.push(
        object("BlockAffinity", `${node.name}-${block}`, {
          spec: { node: node.name, cidr, state: "confirmed", deleted: "false" },
        }),
      );
    }
  }
  return objects;
}

/** The /26 that is block `block` of node `index`. */
export function blockOf(index: number, block: number): string {
  const number = index + block * 32;
  return `10.1.${Math.floor(number / 4) % 256}.${(number % 4) * 64}/26`;
}

/** The input of a design, before or after a test changed its parts. */
export function inputOf(change: Partial<Design> = {}): RoutingInput & { readonly kube: readonly LabKubeObject[] } {
  const design = { ...PAPER, ...change };
  const cabling = nodesOf(design);
  const kube = kubeObjects(design, cabling);
  return {
    asn: 65002,
    objects: fabricObjects(design),
    leaves: LEAVES,
    cabling,
    nodes: cabling.map(stateOfNode),
    kube,
    cluster: clusterOf(kube),
  };
}

/** A cluster that lists these objects. */
export function clusterOf(kube: readonly LabKubeObject[]): RoutingInput["cluster"] {
  return { list: (kind) => kube.filter((item) => item.kind === kind) };
}

/** The routing of the paper's example with some changes. */
export function route(change: Partial<Design> = {}): Routing {
  return computeRouting(inputOf(change));
}

/** Prefixes of a routing's node that it learned. */
export function learnedBy(routing: Routing, node: string): string[] {
  return routing.nodeRoutes.filter((item) => item.node === node).map((item) => item.prefix);
}

/** BGP prefixes of a leaf. */
export function onLeaf(routing: Routing, leafId: number): string[] {
  return routing.routes
    .filter((item) => item.leafId === leafId && item.nextHops.some((hop) => hop.owner.startsWith("bgp")))
    .map((item) => item.prefix);
}
