import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type DesignLab, designLab, failuresOf, targetsOf } from "./lab.ts";

/** Things changed by hand under each design: the check names exactly those, the run repairs them, the next check names none. */
const test = suite("drift of the designs");

async function drifts(design: string, byHand: (lab: DesignLab) => Promise<readonly string[]>): Promise<void> {
  const lab = await designLab(design, false);
  try {
    const expected = [...(await byHand(lab))].sort();
    const check = await lab.run("--check");
    assert.equal(targetsOf(check), expected, `check: ${failuresOf(check)}`);
    const repair = await lab.run();
    assert.is(repair.code, 0, failuresOf(repair));
    assert.equal(targetsOf(repair), expected, "run");
    const after = await lab.run("--check");
    assert.equal(targetsOf(after), [], "after the run");
    assert.is(after.code, 0, failuresOf(after));
  } finally {
    await lab.stop();
  }
}

/** The interface of worker-1 on the fabric, as the second lab's design has it. */
const path = (l3out: string, node: string) =>
  `uni/tn-k8s/out-${l3out}/lnodep-border-leaves/lifp-standard-svi/rspathL3OutAtt-[topology/pod-1/protpaths-201-202/pathep-[${node}]]`;

test("standard SVI, kube-router: member address, VLAN, MTU, secondary, node, annotation, an argument of the DaemonSet", () =>
  drifts("standard-svi-kube-router", async ({ hand }) => {
    const [one, two, three] = ["master-1", "worker-1", "worker-2"].map((node) => path("kube-router", node));
    await hand.apic(`/api/mo/${one}/mem-A.json`, { l3extMember: { attributes: { addr: "192.168.43.3/29" } } });
    await hand.apic(`/api/mo/${two}.json`, { l3extRsPathL3OutAtt: { attributes: { encap: "vlan-335", mtu: "1500" } } });
    await hand.apic(`/api/mo/${three}/mem-B/addr-[192.168.43.22/29].json`, { l3extIp: { attributes: { status: "deleted" } } });
    await hand.ssh("worker-3", "underlay", "sudo ip link set bond0.315 mtu 1500");
    await hand.kubectl(["annotate", "node", "worker-4", "--overwrite", "kube-router.io/peers=[]"]);
    const daemon = await hand.kubectl(["-n", "kube-system", "get", "daemonset", "kube-router", "-o", "json"]);
    await hand.kubectl(["replace", "-f", "-"], daemon.replaceAll("--enable-ibgp=false", "--enable-ibgp=true"));
    return [
      `apic1 modify ${one}/mem-A`,
      `apic1 modify ${two}`,
      `apic1 create ${three}/mem-B/addr-[192.168.43.22/29]`,
      "worker-3 modify link bond0.315 mtu",
      "localhost modify node worker-4",
      "localhost modify daemonset kube-system/kube-router",
    ];
  }));

test("floating SVI, Cilium: MTU of an anchor, timer, MTU of a node, timers of the peers, a rack label", () =>
  drifts("floating-svi-cilium", async ({ hand }) => {
    const svi = "uni/tn-k8s/out-cilium/lnodep-anchors/lifp-floating-svi/vlifp-[topology/pod-1/node-202]-[vlan-310]";
    await hand.apic(`/api/mo/${svi}.json`, { l3extVirtualLIfP: { attributes: { mtu: "1500" } } });
    await hand.apic("/api/mo/uni/tn-k8s/bgpCtxP-cilium-timers.json", { bgpCtxPol: { attributes: { holdIntvl: "30" } } });
    await hand.ssh("worker-2", "underlay", "sudo ip link set bond0.310 mtu 1500");
    const peerConfig = (await hand.kubectl(["get", "ciliumbgppeerconfigs", "-o", "name"])).split("\n")[0] ?? "";
    const patch = JSON.stringify({
      spec: { timers: { holdTimeSeconds: 9, keepAliveTimeSeconds: 3 }, gracefulRestart: { enabled: true } },
    });
    await hand.kubectl(["patch", peerConfig, "--type=merge", "-p", patch]);
    await hand.kubectl(["label", "node", "worker-4", "rack_id=1", "--overwrite"]);
    return [
      `apic1 modify ${svi}`,
      "apic1 modify uni/tn-k8s/bgpCtxP-cilium-timers",
      "worker-2 modify link bond0.310 mtu",
      `localhost modify ${peerConfig.replace("/", " ")}`,
      "localhost modify node worker-4",
    ];
  }));

test.run();
