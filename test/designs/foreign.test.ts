import { suite } from "uvu";
import * as assert from "uvu/assert";
import { byHand } from "../support/by-hand.ts";
import { workplace } from "../support/command.ts";
import { POLICIES } from "./cabled.ts";
import { changesOf, failureOf, surprises } from "./cell.ts";
import { differences, fabricTree } from "./fabric-tree.ts";
import { flagsOf, LOGIN, type RemovalCell, warningsOf } from "./removal-cell.ts";

/** What others made, before or after a run, is untouched by it and by `-e state=absent`; what stands in the way is named first. */
const test = suite("what others made");

const CELL: RemovalCell = { svi: "standard", cni: "calico", dual: false, ports: "profiles" };
const TERRAFORM = "orchestrator:terraform";

/** An object with its class, properties and children, as one POSTs it. */
function object(className: string, attributes: Readonly<Record<string, string>>, children: readonly unknown[] = []): unknown {
  return { [className]: { attributes, children } };
}

test("shared objects stay while used, foreign children stop a removal before it begins, pairs are found and not moved", async () => {
  const place = workplace();
  const { playbook, inputs } = flagsOf(CELL, place.directory);
  const lab = await place.labUp(inputs);
  try {
    const hand = byHand(lab.endpoints, LOGIN);
    const post = (dn: string, body: unknown) => hand.apic(`/api/mo/${dn}.json`, body);
    const run = (...flags: string[]) => place.underlay(["run", playbook, ...inputs, "--output", "json", ...flags]);
    const remove = (...flags: string[]) => run("-e", "state=absent", ...flags);

    // A port and a leaf that are somebody else's: the run stops before it writes.
    const others = "uni/infra/accportprof-others";
    const selector = object("infraHPortS", { name: "old", type: "range" }, [
      object("infraPortBlk", { name: "block1", fromPort: "10", toPort: "12" }),
    ]);
    await post("uni/infra", object("infraAccPortP", { name: "others" }, [selector]));
    const leafBlock = object("infraLeafS", { name: "l", type: "range" }, [
      object("infraNodeBlk", { name: "b", from_: "201", to_: "201" }),
    ]);
    await post("uni/infra", object("infraNodeP", { name: "others" }, [leafBlock, object("infraRsAccPortP", { tDn: others })]));
    await post("uni/fabric/protpol", pair("x", ["202", "203"]));
    const untouched = await fabricTree(hand);
    const taken = await run();
    assert.is(taken.code, 2, failureOf(taken));
    assert.match(failureOf(taken), /port 1\/11 of leaf 201 \(master-1\) is bound already by uni\/infra\/accportprof-others/);
    await hand.apic(
      `/api/mo/uni/infra.json`,
      object("infraInfra", {}, [
        object("infraAccPortP", { name: "others", status: "deleted" }),
        object("infraNodeP", { name: "others", status: "deleted" }),
      ]),
    );
    const moved = await run("--tags", "ports");
    assert.is(moved.code, 2, failureOf(moved));
    assert.match(failureOf(moved), /nodepep-202 is already in uni\/fabric\/protpol\/expgep-x/);
    assert.equal(
      differences(untouched, await fabricTree(hand)).filter((line) => /protpol/.test(line)),
      [],
    );
    await post(
      "uni/fabric/protpol",
      object("fabricProtPol", {}, [object("fabricExplicitGEp", { name: "x", status: "deleted" })]),
    );
    await remove();

    // Before the run: a pair under another name, a pool and an AAEP with domains of others.
    await post("uni/fabric/protpol", pair("rack-one", ["201", "202"]));
    await post("uni/infra", object("infraAttEntityP", { name: POLICIES.aaep, annotation: TERRAFORM }));
    const before = await fabricTree(hand);
    const first = await run();
    assert.is(first.code, 0, failureOf(first));
    assert.equal(changesOf(await run()), []);
    assert.not.ok((await fabricTree(hand)).has("uni/fabric/protpol/expgep-201-202"), "the pair is found by its leaves");

    // After it: users of what is shared.
    const dn = "uni/tn-k8s/out-others";
    await post(
      "uni/tn-k8s",
      object("l3extOut", { name: "others", annotation: TERRAFORM }, [
        object("l3extRsEctx", { tnFvCtxName: "calico" }),
        object("l3extRsL3DomAtt", { tDn: "uni/l3dom-k8s-l3dom" }),
        object("l3extLNodeP", { name: "n" }, [
          object("bgpProtP", {}, [object("bgpRsBgpNodeCtxPol", { tnBgpCtxPolName: "calico-timers" })]),
        ]),
        object("rtctrlProfile", { name: "default-export" }, [
          object("rtctrlCtxP", { name: "c", order: "0" }, [
            object("rtctrlRsCtxPToSubjP", { tnRtctrlSubjPName: "calico-prefixes" }),
          ]),
        ]),
      ]),
    );
    await post(
      "uni/tn-k8s",
      object("fvCtx", { name: "second" }, [
        object("fvRsCtxToBgpCtxAfPol", { tnBgpCtxAfPolName: "calico-ecmp", af: "ipv4-ucast" }),
      ]),
    );
    await hand.apic(
      "/api/mo/uni.json",
      object("polUni", {}, [
        object("fvTenant", { name: "shop", annotation: TERRAFORM }, [
          object("fvAp", { name: "web" }, [
            object("fvAEPg", { name: "front" }, [
              object("fvRsPathAtt", { tDn: "topology/pod-1/protpaths-201-202/pathep-[master-1]", encap: "vlan-999" }),
            ]),
          ]),
        ]),
      ]),
    );
    await hand.kubectl(["annotate", "node", "worker-1", "somebody.example/note=theirs"]);
    await hand.kubectl(
      ["create", "-f", "-"],
      JSON.stringify({
        apiVersion: "projectcalico.org/v3",
        kind: "BGPPeer",
        metadata: { name: "theirs" },
        spec: { peerIP: "192.0.2.1", asNumber: 64500 },
      }),
    );

    // An external EPG of somebody else inside of our L3Out.
    await post("uni/tn-k8s/out-calico", object("l3extOut", {}, [object("l3extInstP", { name: "extra", annotation: TERRAFORM })]));
    const planted = await fabricTree(hand);
    for (const refused of [await remove("--check"), await remove()]) {
      assert.is(refused.code, 2, failureOf(refused));
      assert.match(failureOf(refused), /uni\/tn-k8s\/out-calico\/instP-extra/);
      assert.equal(changesOf(refused), [], "nothing is written in the cluster either");
    }
    assert.equal(differences(planted, await fabricTree(hand)), []);
    await post("uni/tn-k8s/out-calico", object("l3extOut", {}, [object("l3extInstP", { name: "extra", status: "deleted" })]));

    const check = await remove("--check");
    const removal = await remove();
    assert.is(removal.code, 0, failureOf(removal));
    assert.equal(surprises(check, removal), []);
    const stays = warningsOf(removal).filter((text) => text.includes(" stays"));
    for (const [object, user] of [
      ["uni/tn-k8s/bgpCtxP-calico-timers", `${dn}/lnodep-n/protp/rsbgpNodeCtxPol`],
      ["uni/tn-k8s/subj-calico-prefixes", `${dn}/prof-default-export/ctx-c/rsctxPToSubjP-calico-prefixes`],
      ["uni/tn-k8s/bgpCtxAfP-calico-ecmp", "uni/tn-k8s/ctx-second/rsctxToBgpCtxAfPol-[calico-ecmp]-ipv4-ucast"],
      ["uni/infra/funcprof/accbundle-master-1", "uni/tn-shop/ap-web/epg-front/rspathAtt-"],
      ["uni/l3dom-k8s-l3dom", `${dn}/rsl3DomAtt`],
      ["uni/infra/vlanns-[servers]-static", "uni/l3dom-k8s-l3dom/rsvlanNs"],
      ["uni/infra/lacplagp-servers-lacp", "uni/infra/funcprof/accbundle-master-1/rslacpPol"],
      ["uni/infra/attentp-servers", "underlay did not make it"],
    ] as const) {
      assert.ok(
        stays.some((text) => text.startsWith(`${object} stays`) && text.includes(user)),
        `${object} stays because of ${user}: ${stays.join("\n")}`,
      );
    }
    const after = await fabricTree(hand);
    for (const [name, attributes] of planted) {
      const theirs = name.startsWith(dn) || /ctx-second|tn-shop|expgep-rack-one|attentp-servers$/.test(name);
      if (theirs) assert.equal(after.get(name), attributes, name);
    }
    for (const name of before.keys()) assert.ok(after.has(name), `${name} was there before the run`);
    assert.match(await hand.kubectl(["get", "bgppeers.projectcalico.org", "-o", "name"]), /^bgppeer.*\/theirs$/);
    assert.match(await hand.kubectl(["get", "node", "worker-1", "-o", "json"]), /somebody\.example\/note/);
    assert.equal(changesOf(await remove()), []);
  } finally {
    await lab.stop();
    place.remove();
  }
});

function pair(name: string, leaves: readonly [string, string]): unknown {
  const [first, second] = leaves;
  return object("fabricProtPol", {}, [
    object("fabricExplicitGEp", { name, id: "77" }, [
      object("fabricNodePEp", { id: first, podId: "1" }),
      object("fabricNodePEp", { id: second, podId: "1" }),
    ]),
  ]);
}

test.run();
