import type { Family } from "../../../lab/bgp/prefix.ts";
import type { LabKubeObject } from "../../../lab/parts.ts";
import type { LabNode } from "../../../lab/spec.ts";
import { anchorAddress, nodeAddress, peersOf, podPrefix } from "./design-addresses.ts";
import { type Design, LEAVES } from "./design-choices.ts";

/** An object of the cluster; `labels` and `annotations` go into its metadata. */
export function object(kind: string, name: string, rest: Record<string, unknown> = {}, namespace?: string): LabKubeObject {
  const { labels, annotations, ...fields } = rest;
  return {
    apiVersion: "v1",
    kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(isLabels(labels) ? { labels } : {}),
      ...(isLabels(annotations) ? { annotations } : {}),
    },
    ...fields,
  };
}

function isLabels(value: unknown): value is Record<string, string> {
  return typeof value === "object" && value !== null;
}

/** The cluster's objects after the playbook's play for the CNI. */
export function kubeObjects(design: Design, nodes: readonly LabNode[]): LabKubeObject[] {
  const objects = nodes.map((node, index) =>
    object("Node", node.name, {
      labels: { rack_id: node.rack, "kubernetes.io/hostname": node.name },
      spec: { podCIDRs: design.families.map((family) => podPrefix(family, index)) },
      status: {
        addresses: node.addresses.map((address) => ({ type: "InternalIP", address: address.split("/")[0] })),
      },
    }),
  );
  if (design.cni === "kube-router") return [...objects, ...kubeRouterObjects(design, nodes)];
  if (design.cni === "cilium") return [...objects, ...ciliumObjects(design, nodes)];
  return [...objects, ...calicoObjects(design, nodes)];
}

function calicoObjects(design: Design, nodes: readonly LabNode[]): LabKubeObject[] {
  const namespace = "calico-system";
  const objects = [
    object("Installation", "default", {
      spec: {
        calicoNetwork: { bgp: "Enabled", ipPools: design.families.map((family) => ({ cidr: podPool(family) })) },
      },
    }),
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
    ...design.pools.map((cidr, index) => object("IPPool", `pool-${index}`, { spec: { cidr } })),
    ...bgpPeers(design, nodes),
  ];
  if (design.passwordRole) {
    const rules = [{ apiGroups: [""], resources: ["secrets"], resourceNames: ["bgp-secrets"], verbs: ["get", "list", "watch"] }];
    objects.push(object("Role", "bgp-secrets", { rules }, namespace));
  }
  for (const [index, node] of nodes.entries()) {
    objects.push(
      object(
        "Pod",
        `calico-node-${index}`,
        { labels: { "k8s-app": "calico-node" }, spec: { nodeName: node.name }, status: { phase: "Running" } },
        namespace,
      ),
    );
    for (const family of design.families) {
      for (let block = 0; block < design.blocksPerNode; block += 1) {
        const isRogue = block === 0 && index === 0 && family === "ipv4";
        const cidr = (isRogue ? design.rogue : undefined) ?? podPrefix(family, index, block);
        const name = family === "ipv4" ? `${node.name}-${block}` : `${node.name}-v6-${block}`;
        objects.push(object("BlockAffinity", name, { spec: { node: node.name, cidr, state: "confirmed", deleted: "false" } }));
      }
    }
  }
  return objects;
}

function podPool(family: Family): string {
  return family === "ipv4" ? "10.1.0.0/16" : "fd00:10::/112";
}

/** One BGPPeer for each leaf of a rack; with a standard SVI for each node and leaf. */
function bgpPeers(design: Design, nodes: readonly LabNode[]): LabKubeObject[] {
  const peer = (name: string, peerIP: string, chosen: Record<string, string>) =>
    object("BGPPeer", name, {
      spec: {
        peerIP,
        asNumber: design.peerAs,
        ...chosen,
        password: { secretKeyRef: { name: "bgp-secrets", key: "password" } },
        filters: ["no-reexport"],
      },
    });
  if (design.svi === "standard") {
    return nodes.flatMap((node, index) =>
      peersOf(design, index).map(({ leaf, family, address }) =>
        peer(`${node.name}-${leaf}-${family}`, family === "ipv6" ? `[${address}]:179` : address, { node: node.name }),
      ),
    );
  }
  return LEAVES.flatMap((leaf) =>
    design.families.map((family) => {
      const address = anchorAddress(family, leaf.id).split("/")[0] ?? "";
      const name = family === "ipv4" ? String(leaf.id) : `${leaf.id}-v6`;
      return peer(name, address, { nodeSelector: `rack_id == "${leaf.rack}"` });
    }),
  );
}

function kubeRouterObjects(design: Design, nodes: readonly LabNode[]): LabKubeObject[] {
  return nodes.map((node, index) => {
    const peers = peersOf(design, index).map(({ address, family }) => ({
      remoteip: address,
      remoteasn: design.peerAs,
      password: Buffer.from(design.nodePassword).toString("base64"),
      ...(family === "ipv6" ? { localip: nodeAddress(design, family, index).split("/")[0] } : {}),
    }));
    const atStart = JSON.stringify({ "kube-router.io/peers": JSON.stringify(peers) });
    const args = [
      "--run-router=true",
      `--cluster-asn=${design.clusterAs}`,
      "--advertise-external-ip",
      "--advertise-loadbalancer-ip",
      "--advertise-pod-cidr=true",
      "--enable-ibgp=false",
      ...(design.families.includes("ipv6") ? ["--enable-ipv6=true"] : []),
      ...(design.families.includes("ipv4") ? [] : ["--enable-ipv4=false", "--router-id=generate"]),
      ...design.flags,
    ];
    return object(
      "Pod",
      `kube-router-${index}`,
      {
        labels: { "k8s-app": "kube-router" },
        annotations: { "lab.underlay/node-annotations": atStart },
        spec: {
          nodeName: node.name,
          containers: [
            { name: "kube-router", image: `docker.io/cloudnativelabs/kube-router:${design.version || "v2.11.1"}`, args },
          ],
        },
        status: { phase: "Running" },
      },
      "kube-system",
    );
  });
}

function ciliumObjects(design: Design, nodes: readonly LabNode[]): LabKubeObject[] {
  const version = design.version || "v1.19.6";
  const everything = { matchExpressions: [{ key: "somekey", operator: "NotIn", values: ["never-used-value"] }] };
  const timers = { holdTimeSeconds: design.holdOffered, keepAliveTimeSeconds: design.keepaliveOffered };
  const objects = [
    object("Secret", "bgp-secrets", { data: { password: Buffer.from(design.nodePassword).toString("base64") } }, "kube-system"),
    object("CiliumBGPAdvertisement", "aci", {
      labels: { advertise: "aci" },
      spec: {
        advertisements: [
          { advertisementType: "PodCIDR" },
          { advertisementType: "Service", service: { addresses: ["LoadBalancerIP"] }, selector: everything },
        ],
      },
    }),
    ...design.families.map((family) =>
      object("CiliumBGPPeerConfig", `aci-${family}`, {
        spec: {
          authSecretRef: "bgp-secrets",
          timers,
          families: [{ afi: family, safi: "unicast", advertisements: { matchLabels: { advertise: "aci" } } }],
        },
      }),
    ),
  ];
  for (const [index, node] of nodes.entries()) {
    const peers = peersOf(design, index).map(({ leaf, family, address }) => ({
      name: `leaf-${leaf}-${family}`,
      peerASN: design.peerAs,
      peerAddress: address,
      peerConfigRef: { name: `aci-${family}` },
    }));
    const spec = { bgpInstances: [{ name: "aci", localASN: design.clusterAs, peers }] };
    objects.push(object("CiliumBGPNodeConfig", node.name, { spec }));
    const labels = { "k8s-app": "cilium" };
    const annotations = { "lab.underlay/cilium-config": JSON.stringify({ "enable-bgp-control-plane": "true" }) };
    const containers = [{ name: "cilium-agent", image: `quay.io/cilium/cilium:${version}@sha256:0000` }];
    objects.push(
      object("CiliumNode", node.name, {
        spec: { ipam: { podCIDRs: design.families.map((family) => podPrefix(family, index)) } },
      }),
      object(
        "Pod",
        `cilium-${index}`,
        { labels, annotations, spec: { nodeName: node.name, containers }, status: { phase: "Running" } },
        "kube-system",
      ),
    );
  }
  const groups = design.svi === "standard" ? nodes.map((_, index) => index) : [0, 1];
  for (const index of groups) {
    const matchLabels =
      design.svi === "standard" ? { "kubernetes.io/hostname": nodes[index]?.name } : { rack_id: nodes[index]?.rack };
    const neighbors = peersOf(design, index).map(({ address, family }) => ({
      peerAddress: `${address}/${family === "ipv4" ? 32 : 128}`,
      peerASN: design.peerAs,
      authSecretRef: "bgp-secrets",
      families: [{ afi: family, safi: "unicast" }],
    }));
    const virtualRouters = [{ localASN: design.clusterAs, exportPodCIDR: true, serviceSelector: everything, neighbors }];
    objects.push(object("CiliumBGPPeeringPolicy", `group-${index}`, { spec: { nodeSelector: { matchLabels }, virtualRouters } }));
  }
  return objects;
}
