import { mo } from "./simulator.ts";

/** Path of the server `master-1` over both leaves. */
export const MASTER_PATH = "topology/pod-1/protpaths-201-202/pathep-[master-1]";

/** The paper's standard SVI for one server, to be posted to `/api/mo/uni/tn-k8s.json`, with the pieces that tests like to change. */
export function standardDesign(
  change: {
    readonly path?: string;
    readonly nodes?: readonly number[];
    readonly encap?: string;
    readonly length?: number;
    readonly timers?: string;
    readonly ipv6?: boolean;
  } = {},
): unknown {
  const { path = MASTER_PATH, nodes = [201, 202], encap = "vlan-311", length = 29, timers = "K8S" } = change;
  const holdIntvl = timers === "K8S" ? "6" : "9";
  return mo(
    "fvTenant",
    { name: "k8s" },
    mo("bgpCtxPol", { name: timers, kaIntvl: "2", holdIntvl }),
    mo(
      "l3extOut",
      { name: "S", enforceRtctrl: "import,export" },
      mo("l3extRsEctx", { tnFvCtxName: "calico" }),
      mo("l3extRsL3DomAtt", { tDn: "uni/l3dom-l3dom" }),
      mo("bgpExtP"),
      mo(
        "l3extLNodeP",
        { name: "N" },
        mo("bgpProtP", {}, mo("bgpRsBgpNodeCtxPol", { tnBgpCtxPolName: timers })),
        ...nodes.map((id) => mo("l3extRsNodeL3OutAtt", { tDn: `topology/pod-1/node-${id}`, rtrId: `1.1.4.${id}` })),
        mo(
          "l3extLIfP",
          { name: "I" },
          mo(
            "l3extRsPathL3OutAtt",
            { tDn: path, encap, ifInstT: "ext-svi", mtu: "9000" },
            mo("l3extMember", { side: "A", addr: `192.168.5.4/${length}` }, mo("l3extIp", { addr: "192.168.5.6/29" })),
            mo("l3extMember", { side: "B", addr: `192.168.5.5/${length}` }, mo("l3extIp", { addr: "192.168.5.6/29" })),
            mo("bgpPeerP", { addr: "192.168.5.1", password: "bgp-secret" }, mo("bgpAsP", { asn: "65003" })),
          ),
        ),
        ...(change.ipv6 === true ? [secondFamily(path, encap)] : []),
      ),
    ),
  );
}

/** An interface profile has one family: the second one repeats path and VLAN. */
function secondFamily(path: string, encap: string): unknown {
  return mo(
    "l3extLIfP",
    { name: "I-ipv6" },
    mo(
      "l3extRsPathL3OutAtt",
      { tDn: path, encap, ifInstT: "ext-svi", mtu: "9000" },
      mo("l3extMember", { side: "A", addr: "FD00:5::4/64" }),
      mo("l3extMember", { side: "B", addr: "fd00:5::5/64" }),
      mo("bgpPeerP", { addr: "FD00:5:0::1" }, mo("bgpAsP", { asn: "65003" })),
    ),
  );
}
