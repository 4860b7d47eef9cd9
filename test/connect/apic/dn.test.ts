import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  canonicalDn,
  commonAncestor,
  isWithin,
  ownedRoot,
  parentDn,
  relativeNames,
  topBranch,
} from "../../../runner/connect/apic/dn.ts";
import { isSame, wireText } from "../../../runner/connect/apic/normalise.ts";

const names = suite("distinguished names");

names("slashes and brackets inside brackets belong to the name", () => {
  assert.equal(
    relativeNames("uni/tn-T/out-O/lnodep-N/lifp-I/vlifp-[topology/pod-1/node-201]-[vlan-310]/peerP-[192.168.2.0/24]"),
    ["uni", "tn-T", "out-O", "lnodep-N", "lifp-I", "vlifp-[topology/pod-1/node-201]-[vlan-310]", "peerP-[192.168.2.0/24]"],
  );
  assert.equal(relativeNames("uni/backupst/jobs-[uni/fabric/configexp-[a/b]]"), [
    "uni",
    "backupst",
    "jobs-[uni/fabric/configexp-[a/b]]",
  ]);
});

names("parent, containment and common ancestor go by whole names", () => {
  assert.is(parentDn("uni/tn-T/subj-S/dest-[10.1.0.0/16]"), "uni/tn-T/subj-S");
  assert.is(parentDn("uni"), undefined);
  assert.ok(isWithin("uni/tn-T/out-O/lnodep-N", "uni/tn-T/out-O"));
  assert.not(isWithin("uni/tn-T/out-O2", "uni/tn-T/out-O"));
  assert.is(commonAncestor(["uni/tn-T/out-O/lnodep-A", "uni/tn-T/out-O/lnodep-B"]), "uni/tn-T/out-O");
  assert.is(commonAncestor(["uni/tn-T/out-O", "uni/tn-T/out-O/lnodep-B"]), "uni/tn-T/out-O");
  assert.is(commonAncestor(["uni/tn-T/out-O"]), "uni/tn-T/out-O");
});

names("what is owned begins below the branch that is shared", () => {
  assert.is(ownedRoot("uni/tn-T/out-O/lnodep-N/lifp-I"), "uni/tn-T/out-O");
  assert.is(ownedRoot("uni/tn-T/ctx-V/rsctxToBgpCtxAfPol-[P]-ipv4-ucast"), "uni/tn-T/ctx-V");
  assert.is(ownedRoot("uni/infra/attentp-A/rsdomP-[uni/phys-P]"), "uni/infra/attentp-A");
  assert.is(ownedRoot("uni/phys-P/rsvlanNs"), "uni/phys-P");
  assert.is(topBranch("uni/tn-T/out-O/lnodep-N"), "uni/tn-T");
});

names("addresses in brackets have one spelling, other brackets are left alone", () => {
  assert.is(canonicalDn("uni/tn-T/subj-S/dest-[FD00:1:0::/64]"), "uni/tn-T/subj-S/dest-[fd00:1::/64]");
  const svi = "uni/tn-T/out-O/lnodep-N/lifp-I/vlifp-[topology/pod-1/node-201]-[vlan-310]/addr-[192.168.2.254/24]";
  assert.is(canonicalDn(svi), svi);
});

names("any DN is cut where it was joined, however deep the brackets", () => {
  const plain = fc.stringMatching(/^[a-z][a-zA-Z0-9_.:-]{0,8}$/);
  const bracketed = fc.letrec<{ text: string }>((tie) => ({
    text: fc.oneof(
      { maxDepth: 3 },
      plain,
      fc
        .tuple(plain, fc.array(tie("text"), { minLength: 1, maxLength: 3 }))
        .map(([name, parts]) => `${name}-[${parts.join("/")}]`),
    ),
  })).text;
  fc.assert(
    fc.property(fc.array(bracketed, { minLength: 1, maxLength: 6 }), (parts) => {
      assert.equal(relativeNames(parts.join("/")), parts);
      assert.is(parentDn(parts.join("/")), parts.length > 1 ? parts.slice(0, -1).join("/") : undefined);
    }),
  );
});

names.run();

const values = suite("values");

values("what is sent is spelled as the controller returns it", () => {
  assert.is(wireText("ctrl", ["dis-peer-as-check", "as-override"]), "as-override,dis-peer-as-check");
  assert.is(wireText("grCtrl", []), "");
  assert.is(wireText("aggregate", true), "yes");
  assert.is(wireText("mtu", 9000), "9000");
  assert.is(wireText("staleIntvl", 300), "default");
  assert.is(wireText("mac", "00:22:bd:f8:19:ff"), "00:22:BD:F8:19:FF");
  assert.is(wireText("addr", "FD00:2:0::1/64"), "fd00:2::1/64");
  assert.is(wireText("dToPort", 443), "https");
});

values("spelling does not make a difference, values do", () => {
  assert.ok(isSame("enforceRtctrl", ["export", "import"], "import,export"));
  assert.not(isSame("enforceRtctrl", ["export", "import"], "export"));
  assert.ok(isSame("aggregate", true, "true"));
  assert.ok(isSame("dToPort", "179", "179"));
  assert.ok(isSame("dToPort", 80, "http"));
  assert.ok(isSame("floatingAddr", "FD00:2::FD/64", "fd00:2:0:0::fd/64"));
  assert.not(isSame("addr", "192.168.2.1/24", "192.168.2.1/25"));
  assert.ok(isSame("restartTime", "infinite", "0"));
  assert.not(isSame("mtu", 9000, "inherit"));
});

values.run();
