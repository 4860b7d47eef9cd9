import { mo } from "./simulator.ts";

/** The paper's floating SVI design in one POST to `/api/mo/uni/tn-k8s.json`, with the pieces that tests like to change. */
export function floatingDesign(
  change: {
    readonly out?: string;
    readonly nodes?: readonly number[];
    readonly anchors?: readonly number[];
    readonly vlan?: number;
    readonly timers?: string;
    readonly prefixes?: readonly string[];
  } = {},
): unknown {
  const { out = "O", nodes = [201, 202], vlan = 310, timers = "K8S", prefixes = ["192.168.2.0/24", "10.1.0.0/16"] } = change;
  const anchors = change.anchors ?? nodes;
  return mo(
    "fvTenant",
    { name: "k8s" },
    mo("bgpCtxPol", { name: timers, kaIntvl: "2", holdIntvl: timers === "K8S" ? "6" : "9", maxAsLimit: "1" }),
    mo("bgpCtxAfPol", { name: "K8S", maxEcmp: "64", maxEcmpIbgp: "64" }),
    mo("bgpPeerPfxPol", { name: "K8S", maxPfx: "500" }),
    mo("fvCtx", { name: "calico" }, mo("fvRsCtxToBgpCtxAfPol", { tnBgpCtxAfPolName: "K8S", af: "ipv4-ucast" })),
    mo(
      "l3extOut",
      { name: out, enforceRtctrl: "import,export" },
      mo("l3extRsEctx", { tnFvCtxName: "calico" }),
      mo("l3extRsL3DomAtt", { tDn: "uni/l3dom-l3dom" }),
      mo("bgpExtP"),
      mo("l3extInstP", { name: "default" }, ...prefixes.map((ip) => mo("l3extSubnet", { ip }))),
      mo(
        "l3extLNodeP",
        { name: "N" },
        mo("bgpProtP", {}, mo("bgpRsBgpNodeCtxPol", { tnBgpCtxPolName: timers })),
        ...nodes.map((id) =>
          mo("l3extRsNodeL3OutAtt", { tDn: `topology/pod-1/node-${id}`, rtrId: `1.1.4.${id}`, rtrIdLoopBack: "no" }),
        ),
        mo("l3extLIfP", { name: "I" }, ...anchors.map((id) => anchor(id, vlan))),
      ),
    ),
  );
}

function anchor(id: number, vlan: number): unknown {
  return mo(
    "l3extVirtualLIfP",
    { nodeDn: `topology/pod-1/node-${id}`, encap: `vlan-${vlan}`, addr: `192.168.2.${id}/24`, mtu: "9000" },
    mo("l3extRsDynPathAtt", { tDn: "uni/phys-phys", floatingAddr: "192.168.2.253/24" }),
    mo("l3extIp", { addr: "192.168.2.254/24" }),
    mo(
      "bgpPeerP",
      { addr: "192.168.2.0/24", ctrl: "dis-peer-as-check,as-override", password: "bgp-secret" },
      mo("bgpAsP", { asn: "65003" }),
      mo("bgpRsPeerPfxPol", { tnBgpPeerPfxPolName: "K8S" }),
    ),
  );
}
