import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ByHand, byHand } from "../support/by-hand.ts";
import { mainPlaybook, type Outcome, workplace } from "../support/command.ts";

/** What goes wrong between a fabric and a cluster is found by the proof, by name and with its likely cause (issue Show 4). */
const test = suite("proof");
const place = workplace();
let lab: Awaited<ReturnType<typeof place.labUp>>;
let hand: ByHand;

test.before(async () => {
  lab = await place.labUp();
  hand = byHand(lab.endpoints, { username: "admin", password: "lab-only-apic-password" });
  const first = await run();
  assert.is(first.code, 0, first.stdout.slice(-3000) + first.stderr);
});
test.after(async () => {
  await lab.stop();
  place.remove();
});

const run = (...args: string[]) => place.underlay(["run", mainPlaybook, "--output", "json", ...args]);
const proof = () => run("--tags", "proof", "-e", "proof_timeout=3");

/** Failures by task type: the text of all its hosts. */
function failuresOf(outcome: Outcome, task: string): string {
  return outcome.events
    .filter((event) => event.event === "result" && event.failure !== undefined && String(event.task).includes(task))
    .map((event) => `${event.host}: ${JSON.stringify(event.failure)}`)
    .join("\n");
}

/** Breaks something by hand, expects the proof to fail, repairs that side with a plain run. */
async function breaks(side: "fabric" | "cni", breakIt: () => Promise<void>, expect: (outcome: Outcome) => void): Promise<void> {
  await breakIt();
  const broken = await proof();
  assert.is(broken.code, 2, broken.stdout.slice(-3000));
  expect(broken);
  const repaired = await run("--tags", side);
  assert.is(repaired.code, 0, repaired.stdout.slice(-3000));
}

const svi = (leaf: number) =>
  `uni/tn-k8s/out-calico/lnodep-anchors/lifp-floating-svi/vlifp-[topology/pod-1/node-${leaf}]-[vlan-310]`;

test("wrong BGP password in the cluster", () =>
  breaks(
    "cni",
    async () => {
      await hand.kubectl([
        "-n",
        "calico-system",
        "patch",
        "secret",
        "bgp-secrets",
        "-p",
        JSON.stringify({ stringData: { "rr-password": "something-else" } }),
      ]);
    },
    (outcome) => {
      assert.match(failuresOf(outcome, "Calico's sessions"), /worker-1.*leaf201.*password/i);
    },
  ));

test("wrong AS in the cluster", () =>
  breaks(
    "cni",
    async () => {
      await hand.kubectl([
        "patch",
        "bgpconfigurations.projectcalico.org",
        "default",
        "--type=merge",
        "-p",
        JSON.stringify({ spec: { asNumber: 65009 } }),
      ]);
    },
    (outcome) => {
      assert.match(failuresOf(outcome, "Calico's sessions"), /worker-1.*leaf201.* AS/);
    },
  ));

test("in one proof: a wrong VLAN on one anchor leaf, AS override missing on the others", () =>
  breaks(
    "fabric",
    async () => {
      const other = svi(201).replace("vlan-310", "vlan-311");
      const found = await hand.apicGet(`/api/mo/${svi(201)}.json?rsp-subtree=full&rsp-prop-include=config-only`);
      assert.ok(JSON.stringify(found).includes("192.168.2.201/24"));
      await hand.apic(`/api/mo/${svi(201)}.json`, { l3extVirtualLIfP: { attributes: { status: "deleted" } } });
      await hand.apic(`/api/mo/${other}.json`, {
        l3extVirtualLIfP: { attributes: { addr: "192.168.2.201/24", ifInstT: "ext-svi" } },
      });
      for (const leaf of [202, 203, 204]) {
        await hand.apic(`/api/mo/${svi(leaf)}/peerP-[192.168.2.0/24].json`, {
          bgpPeerP: { attributes: { ctrl: "dis-peer-as-check" } },
        });
      }
    },
    (outcome) => {
      assert.match(failuresOf(outcome, "Calico's sessions"), /leaf201.*VLAN/i);
      for (const leaf of [202, 203, 204])
        assert.match(failuresOf(outcome, "BGP sessions"), new RegExp(`leaf${leaf}.*AS override`, "i"));
    },
  ));

test("the secondary address is not the nodes' gateway", () =>
  breaks(
    "fabric",
    async () => {
      for (const leaf of [201, 202, 203, 204]) {
        await hand.apic(`/api/mo/${svi(leaf)}.json`, {
          l3extVirtualLIfP: {
            attributes: {},
            children: [
              { l3extIp: { attributes: { addr: "192.168.2.254/24", status: "deleted" } } },
              { l3extIp: { attributes: { addr: "192.168.2.250/24" } } },
            ],
          },
        });
      }
    },
    (outcome) => {
      assert.match(failuresOf(outcome, "gateway"), /192\.168\.2\.254.*secondary/i);
    },
  ));

test("all repaired: the proof passes", async () => {
  const outcome = await proof();
  assert.is(outcome.code, 0, outcome.stdout.slice(-3000));
});

test.run();
