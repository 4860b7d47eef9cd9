import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type DesignLab, designLab, failuresOf } from "./lab.ts";

/** What goes wrong under the other designs is found by the proof, which names it and its likely cause (issue Show 4 for issue 3). */
const test = suite("proof of the designs");

/** Things broken together where they do not hide each other, and what the proof must say about each. */
interface Round {
  readonly name: string;
  readonly breakIt: (lab: DesignLab) => Promise<unknown>;
  readonly says: readonly RegExp[];
}

/** One lab for all rounds: the plain run in between repairs. */
async function finds(design: string, rounds: readonly Round[]): Promise<void> {
  const lab = await designLab(design, true);
  try {
    for (const { name, breakIt, says } of rounds) {
      await breakIt(lab);
      const proof = await lab.run("--tags", "proof", "-e", "proof_timeout=1");
      const text = failuresOf(proof);
      assert.is(proof.code, 2, `${name}: ${text}${proof.stderr}`);
      for (const expected of says) assert.match(text, expected, name);
      const repaired = await lab.run("--tags", "fabric,cni");
      assert.is(repaired.code, 0, `after ${name}: ${failuresOf(repaired)}`);
    }
  } finally {
    await lab.stop();
  }
}

const path = (l3out: string, node: string, ipv6 = false) =>
  `uni/tn-k8s/out-${l3out}/lnodep-border-leaves/lifp-standard-svi${ipv6 ? "-ipv6" : ""}/rspathL3OutAtt-[topology/pod-1/protpaths-201-202/pathep-[${node}]]`;
const anchor = (l3out: string, leaf: number, ipv6 = false) =>
  `uni/tn-k8s/out-${l3out}/lnodep-anchors/lifp-floating-svi${ipv6 ? "-ipv6" : ""}/vlifp-[topology/pod-1/node-${leaf}]-[vlan-310]`;

/** Puts another text into every place of a Kubernetes object. */
async function edit({ hand }: DesignLab, object: readonly string[], from: string, to: string): Promise<void> {
  const text = await hand.kubectl(["get", "-o", "json", ...object]);
  assert.ok(text.includes(from), `${object.join(" ")} has no ${from}`);
  await hand.kubectl(["replace", "-f", "-"], text.replaceAll(from, to));
}

async function annotate({ hand }: DesignLab, node: string, from: string, to: string): Promise<void> {
  const found: unknown = JSON.parse(await hand.kubectl(["get", "node", node, "-o", `jsonpath={@.metadata.annotations}`]));
  const peers = String(Object.entries(found ?? {}).find(([name]) => name === "kube-router.io/peers")?.[1]);
  assert.ok(peers.includes(from), `${node} has no ${from}`);
  await hand.kubectl(["annotate", "node", node, "--overwrite", `kube-router.io/peers=${peers.replaceAll(from, to)}`]);
}

const restart = ({ hand }: DesignLab, node: string) =>
  hand.kubectl([
    ...["--namespace", "kube-system", "delete", "pod", "--selector", "k8s-app=kube-router"],
    ...["--field-selector", `spec.nodeName=${node}`],
  ]);
const base64 = (text: string) => Buffer.from(text).toString("base64");

test("floating SVI, kube-router", () =>
  finds("floating-svi-kube-router", [
    {
      name: "AS override off; annotations of a node newer than its pod",
      breakIt: async (lab) => {
        for (const leaf of [201, 202, 203, 204]) {
          const attributes = { ctrl: "dis-peer-as-check" };
          await lab.hand.apic(`/api/mo/${anchor("kube-router", leaf)}/peerP-[192.168.43.0/24].json`, {
            bgpPeerP: { attributes },
          });
        }
        await annotate(lab, "worker-1", "65002", "65042");
      },
      says: [
        /localhost: .*routes of other nodes come back with AS 65003.*AS override|localhost: .*does not override the AS/,
        /localhost: worker-1 to .*Established, but otherwise after the pod's next restart; .*kube_router\.restart/,
        /leaf201: 192\.168\.43\.0\/24: AS override is off/,
      ],
    },
    {
      name: "wrong password and wrong AS in annotations; IPv6 peers of a leaf deleted",
      breakIt: async (lab) => {
        await annotate(lab, "worker-1", base64("lab-only-bgp-password"), base64("another"));
        await restart(lab, "worker-1");
        await annotate(lab, "worker-3", "65002", "65042");
        await restart(lab, "worker-3");
        await lab.hand.apic(`/api/mo/${anchor("kube-router", 203, true)}/peerP-[fd00:2::/64].json`, {
          bgpPeerP: { attributes: { status: "deleted" } },
        });
      },
      says: [
        /localhost: worker-1 to leaf201 .*: Active; TCP does not come up: no session of worker-1 comes up.*wrong BGP password/,
        /localhost: worker-3 to leaf203 .*: Idle; wrong AS number: the node expects AS 65042 of the leaf, the fabric is AS 65002/,
        /localhost: master-2, worker-4 to leaf203 \(fd00:.*their IPv4 session is up, so cable and VLAN are right/,
        /leaf203: fd00:.* has no BGP peer for it/,
      ],
    },
    {
      name: "a prefix that the import route map lacks",
      breakIt: ({ hand }) =>
        hand.apic("/api/mo/uni/tn-k8s/subj-kube-router-prefixes/dest-[192.168.44.0/24].json", {
          rtctrlMatchRtDest: { attributes: { status: "deleted" } },
        }),
      says: [/leaf204: 192\.168\.44\.\d+\/28: no route: no match rule of the tenant permits it.*\(step 10\)/],
    },
    {
      name: "the cluster's AS in the DaemonSet",
      breakIt: (lab) =>
        edit(lab, ["--namespace", "kube-system", "daemonset", "kube-router"], "--cluster-asn=65003", "--cluster-asn=65033"),
      says: [/localhost: all 24 sessions: Idle; wrong AS number: kube-router runs as AS 65033, the cluster is AS 65003/],
    },
  ]));

test("standard SVI, Cilium", () =>
  finds("standard-svi-cilium", [
    {
      name: "VLAN of a path, a path on other leaves, an AS on the leaf, a missing rack label",
      breakIt: async ({ hand }) => {
        for (const ipv6 of [false, true]) {
          const attributes = { encap: "vlan-339" };
          await hand.apic(`/api/mo/${path("cilium", "master-1", ipv6)}.json`, { l3extRsPathL3OutAtt: { attributes } });
          await hand.apic(`/api/mo/${path("cilium", "worker-1", ipv6)}.json`, {
            l3extRsPathL3OutAtt: { attributes: { status: "deleted" } },
          });
        }
        const peer = `${path("cilium", "worker-2")}/peerP-[192.168.18.17]`;
        await hand.apic(`/api/mo/${peer}/as.json`, { bgpAsP: { attributes: { asn: "65009" } } });
        await hand.kubectl(["delete", "ciliumbgpclusterconfig", "worker-3"]);
      },
      says: [
        /master-1: 192\.168\.18\.6 does not answer: .*VLAN.*cabled/,
        /localhost: master-1 to .*active; TCP does not come up: .*VLAN/,
        /localhost: worker-1 to .*active; TCP does not come up/,
        /leaf201: 192\.168\.18\.9: no session, and this leaf has no BGP peer for it: .*the node's path on it/,
        /localhost: worker-2 to leaf201 .*: idle; refused by the leaf: wrong AS number there\?/,
        /leaf201: 192\.168\.18\.17: idle: the leaf expects AS 65009, the cluster has 65003/,
        /localhost: worker-3: no BGP peers at all; no BGP configuration selects it/,
      ],
    },
    {
      name: "the Secret is gone",
      breakIt: ({ hand }) => hand.kubectl(["--namespace", "kube-system", "delete", "secret", "bgp-secrets"]),
      says: [
        /localhost: all 24 sessions: active; .*wrong BGP password/,
        /localhost: CiliumBGPPeerConfig aci-ipv4: MissingAuthSecret .*without a password.*cilium\.bgp_password/,
      ],
    },
    {
      name: "both AS numbers in the cluster",
      breakIt: async (lab) => {
        await edit(lab, ["ciliumbgpclusterconfig", "worker-1"], '"peerASN": 65002', '"peerASN": 65042');
        await edit(lab, ["ciliumbgpclusterconfig", "worker-4"], '"localASN": 65003', '"localASN": 65033');
      },
      says: [
        /localhost: worker-1 to .*wrong AS number: the node expects AS 65042 of the leaf, the fabric is AS 65002/,
        /localhost: worker-4 to .*wrong AS number: the node runs as AS 65033, the cluster is AS 65003/,
      ],
    },
  ]));

test("floating SVI, Cilium: a node without its rack label", () =>
  finds("floating-svi-cilium", [
    {
      name: "label",
      breakIt: ({ hand }) => hand.kubectl(["label", "node", "worker-1", "rack_id-"]),
      says: [/localhost: worker-1: no BGP peers at all; the node lacks the label rack_id/],
    },
  ]));

test("standard SVI, Calico: more prefixes than the limit", () =>
  finds("standard-svi-calico", [
    {
      name: "limit",
      breakIt: ({ hand }) =>
        hand.apic("/api/mo/uni/tn-k8s/bgpPfxP-calico-prefixes.json", { bgpPeerPfxPol: { attributes: { maxPfx: "1" } } }),
      says: [/leaf201: .*(prefix limit|limit allows)/],
    },
  ]));

test.run();
