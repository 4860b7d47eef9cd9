import { suite } from "uvu";
import * as assert from "uvu/assert";
import { REFUSED_ACCESS, type RefusedWrite } from "./refused-access.ts";
import { closeBenches, mo, startBench } from "./simulator.ts";

/** Aci-objects 1.8, line by line: what is sent, which code and text come back. */
const REFUSED: readonly RefusedWrite[] = [
  {
    what: "unknown class",
    body: mo("fvTenant", { name: "k8s" }, mo("fvNothing", {})),
    code: "122",
    text: "unknown managed object class fvNothing",
  },
  {
    what: "unknown attribute",
    body: mo("fvTenant", { name: "k8s", colour: "red" }),
    code: "400",
    text: "unknown attribute 'colour' in element 'fvTenant'",
  },
  {
    what: "unknown word",
    body: mo("fvCtx", { name: "V", pcEnfPref: "maybe" }),
    code: "120",
    text: "unknown property value maybe, name pcEnfPref, class fvCtx [(Dn0)] Dn0=uni/tn-k8s/ctx-V, ",
  },
  {
    what: "unknown flag",
    body: mo("l3extOut", { name: "O", enforceRtctrl: "export,sideways" }),
    code: "120",
    text: "unknown property value export,sideways, name enforceRtctrl, class l3extOut [(Dn0)] Dn0=uni/tn-k8s/out-O, ",
  },
  {
    what: "no number",
    body: mo("bgpCtxPol", { name: "P", kaIntvl: "soon" }),
    code: "120",
    text: "unknown property value soon, name kaIntvl, class bgpCtxPol [(Dn0)] Dn0=uni/tn-k8s/bgpCtxP-P, ",
  },
  {
    what: "no boolean",
    body: mo("l3extOut", { name: "O", mplsEnabled: "on" }),
    code: "120",
    text: "unknown property value on, name mplsEnabled, class l3extOut [(Dn0)] Dn0=uni/tn-k8s/out-O, ",
  },
  {
    what: "unknown status",
    body: mo("fvCtx", { name: "V", status: "replaced" }),
    code: "120",
    text: "unknown property value replaced, name status, class fvCtx [(Dn0)] Dn0=uni/tn-k8s/ctx-V, ",
  },
  {
    what: "missing naming property",
    body: mo("fvCtx", {}),
    code: "120",
    text: "unknown property value , name name, class fvCtx [(Dn0)] Dn0=uni/tn-k8s, ",
  },
  {
    what: "blank in a name",
    body: mo("fvCtx", { name: "my vrf" }),
    code: "801",
    text: "property name of ctx-my vrf failed validation for value 'my vrf'",
  },
  {
    what: "name too long",
    body: mo("bgpCtxPol", { name: "P".repeat(65) }),
    code: "801",
    text: `property name of bgpCtxP-${"P".repeat(65)} failed validation for value '${"P".repeat(65)}'`,
  },
  {
    what: "number out of range",
    body: mo("bgpCtxAfPol", { name: "P", maxEcmp: "65" }),
    code: "801",
    text: "Property maxEcmp of bgpCtxAfP-P is out of range",
  },
  {
    what: "hold time between 0 and 3",
    body: mo("bgpCtxPol", { name: "P", holdIntvl: "2" }),
    code: "801",
    text: "Property holdIntvl of bgpCtxP-P is out of range",
  },
  {
    what: "missing parent",
    url: "/api/mo/uni/tn-none/ctx-V.json",
    body: mo("fvCtx", { name: "V" }),
    code: "102",
    text: "configured object ((Dn0)) not found Dn0=uni/tn-none, ",
  },
  {
    what: "modified, but missing",
    body: mo("fvCtx", { name: "V", status: "modified" }),
    code: "102",
    text: "configured object ((Dn0)) not found Dn0=uni/tn-k8s/ctx-V, ",
  },
  {
    what: "created, but there",
    body: mo("fvCtx", { name: "calico", status: "created" }),
    code: "103",
    text: "child (Rn) of class fvCtx is already attached. dn[(Dn0)] Dn0=uni/tn-k8s, Rn=ctx-calico, ",
  },
  {
    what: "DN of another class",
    body: mo("fvCtx", { dn: "uni/tn-k8s/out-O" }),
    code: "107",
    text: "Invalid request. dn 'uni/tn-k8s/out-O' is not valid for class fvCtx",
  },
  {
    what: "DN with an unknown part",
    body: mo("fvCtx", { dn: "uni/tn-k8s/kontext-V" }),
    code: "107",
    text: "Invalid DN uni/tn-k8s/kontext-V wrong rn prefix kontext-V at position 3",
  },
  {
    what: "DN beside the URL",
    body: mo("fvTenant", { dn: "uni/tn-other" }),
    code: "107",
    text: "Invalid DN uni/tn-other wrong rn prefix tn-other at position 2",
  },
  {
    what: "child that does not belong there",
    body: mo("fvTenant", { name: "k8s" }, mo("bgpAsP", { asn: "1" })),
    code: "400",
    text: "Invalid request. Cannot contain child bgpAsP under parent fvTenant",
  },
  {
    what: "naming property against the URL",
    body: mo("fvTenant", { name: "other" }),
    code: "107",
    text: "Create-only and naming props cannot be modified after creation, class=fvTenant, prop=name",
  },
  {
    what: "deleting what cannot be deleted",
    body: mo("fvTenant", { name: "k8s" }, mo("fvRsTenantMonPol", { status: "deleted" }), mo("vnsSvcCont", { status: "deleted" })),
    code: "107",
    text: "Cannot delete object of class:fvRsTenantMonPol",
  },
  { what: "no JSON", body: "{", code: "400", text: "JSON parsing failed - invalid data at line '1'" },
  { what: "a list", body: "[]", code: "400", text: "JSON parsing failed - incomplete node at line 1" },
  {
    what: "a number for a value",
    body: '{"fvTenant":{"attributes":{"name":"k8s","descr":5}}}',
    code: "400",
    text: "JSON parsing failed - incomplete attribute value at line: 1",
  },
  {
    what: "no export",
    body: mo("l3extOut", { name: "O", enforceRtctrl: "import" }),
    code: "100",
    text: "Invalid Configuration Unenforced Route Control is not supported for Export direction.",
  },
  {
    what: "aggregate on a longer prefix",
    body: mo(
      "l3extOut",
      { name: "O" },
      mo("l3extInstP", { name: "E" }, mo("l3extSubnet", { ip: "10.0.0.0/8", aggregate: "export-rtctrl" })),
    ),
    code: "100",
    text: "Invalid Configuration - Import/Export Subnet Aggregation Supported Only for 0.0.0.0/0 and ::/0",
  },
  {
    what: "host address on an SVI",
    body: mo(
      "l3extOut",
      { name: "O" },
      mo(
        "l3extLNodeP",
        { name: "N" },
        mo(
          "l3extLIfP",
          { name: "I" },
          mo("l3extVirtualLIfP", { nodeDn: "topology/pod-1/node-201", encap: "vlan-310", addr: "10.0.0.1/32" }),
        ),
      ),
    ),
    code: "100",
    text: "Invalid External Interface Address",
  },
  {
    what: "ARP opcode without ARP",
    body: mo("vzFilter", { name: "F" }, mo("vzEntry", { name: "E", etherT: "ip", arpOpc: "req" })),
    code: "100",
    text: "Validation failed: ArpOpcode cannot be combined with non arp Ethertype",
  },
  {
    what: "port without IP",
    body: mo("vzFilter", { name: "F" }, mo("vzEntry", { name: "E", etherT: "arp", prot: "6" })),
    code: "100",
    text: "Validation failed: non-IP Ethertype cannot be combined with other l4 properties",
  },
  {
    what: "VLAN range upside down",
    url: "/api/mo/uni/infra/vlanns-[P]-static.json",
    body: mo("fvnsVlanInstP", {}, mo("fvnsEncapBlk", { from: "vlan-20", to: "vlan-10" })),
    code: "100",
    text: "Validation failed: Range 20-10 is invalid. From value cannot be larger than To value",
  },
  {
    what: "VLAN beyond 4094",
    url: "/api/mo/uni/infra/vlanns-[P]-static.json",
    body: mo("fvnsVlanInstP", {}, mo("fvnsEncapBlk", { from: "vlan-4000", to: "vlan-5000" })),
    code: "120",
    text: "unknown property value vlan-5000, name to, class fvnsEncapBlk [(Dn0)] Dn0=uni/infra/vlanns-[P]-static/from-[vlan-4000]-to-[vlan-5000], ",
  },
  {
    what: "relation to the wrong class",
    body: mo("l3extOut", { name: "O" }, mo("l3extRsL3DomAtt", { tDn: "uni/phys-phys" })),
    code: "107",
    text: "Invalid request. dn 'uni/phys-phys' is not valid for class extnwDomP",
  },
  {
    what: "two shards in one request",
    url: "/api/mo/uni.json",
    body: mo("polUni", {}, mo("fvTenant", { name: "new" }), mo("infraInfra", {}, mo("infraAttEntityP", { name: "A" }))),
    code: "107",
    text: "Failed to update multiple items in a single operation - request requires distributed transaction",
  },
  ...REFUSED_ACCESS,
];

const test = suite("refused writes");
test.after.each(closeBenches);

for (const { what, url = "/api/mo/uni/tn-k8s.json", body, code, text } of REFUSED) {
  test(what, async () => {
    const bench = await startBench();
    const before = [...bench.fabric.objects().keys()];
    const answer = await bench.post(url, body);
    assert.is(answer.status, 400);
    assert.equal(answer.error, { code, text });
    assert.is(answer.totalCount, "1");
    assert.equal([...bench.fabric.objects().keys()], before);
    await bench.close();
  });
}

test("pages of the web server are HTML", async () => {
  const bench = await startBench();
  for (const [method, url, status] of [
    ["GET", "/nothing", 404],
    ["PUT", "/api/mo/uni.json", 405],
    ["POST", "/api/class/fvTenant.json", 405],
    ["GET", "/api/aaaLogin.json", 405],
  ] as const) {
    const answer = await bench.send(method, url);
    assert.is(answer.status, status, `${method} ${url}`);
    assert.match(String(answer.headers["content-type"]), /html/);
    assert.match(answer.text, /<center>nginx<\/center>/);
  }
  assert.match((await bench.get("/api/mo/uni.xml")).error.text, /XML is not spoken/);
  await bench.close();
});

test.run();
