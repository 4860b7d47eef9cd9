import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseFilter } from "../../../lab/apic/filter.ts";
import type { LabObject } from "../../../lab/parts.ts";

const test = suite("filters");

const object: LabObject = {
  className: "bgpPeerP",
  dn: "uni/tn-T/out-O/lnodep-N/peerP-[10.0.0.1]",
  attributes: {
    dn: "uni/tn-T/out-O/lnodep-N/peerP-[10.0.0.1]",
    addr: "10.0.0.1",
    ttl: "9",
    ctrl: "as-override,send-com",
    descr: 'say "hi", (twice)',
  },
  secure: {},
};

const HOLDS: readonly (readonly [string, boolean])[] = [
  ['eq(bgpPeerP.addr,"10.0.0.1")', true],
  ["eq(bgpPeerP.addr,10.0.0.1)", true],
  ['eq(bgpPeerP.addr,"10.0.0.2")', false],
  ['ne(bgpPeerP.addr,"10.0.0.2")', true],
  ['lt(bgpPeerP.ttl,"10")', true],
  ['gt(bgpPeerP.ttl,"10")', false],
  ['le(bgpPeerP.ttl,"9")', true],
  ['ge(bgpPeerP.ttl,"9")', true],
  ['bw(bgpPeerP.ttl,"1","9")', true],
  ['bw(bgpPeerP.ttl,"10","20")', false],
  ['wcard(bgpPeerP.dn,"out-O/")', true],
  ['wcard(bgpPeerP.dn,"^uni/tn-.*\\]$")', true],
  ['wcard(bgpPeerP.dn,"OUT-O")', false],
  ['anybit(bgpPeerP.ctrl,"send-com,nh-self")', true],
  ['allbits(bgpPeerP.ctrl,"send-com,nh-self")', false],
  ['allbits(bgpPeerP.ctrl,"send-com,as-override")', true],
  ['and(eq(bgpPeerP.ttl,"9"),eq(bgpPeerP.addr,"10.0.0.1"))', true],
  ['and(eq(bgpPeerP.ttl,"9"), eq(bgpPeerP.addr,"10.0.0.2"))', false],
  ['or(eq(bgpPeerP.ttl,"1"),eq(bgpPeerP.addr,"10.0.0.1"))', true],
  ['xor(eq(bgpPeerP.ttl,"9"),eq(bgpPeerP.addr,"10.0.0.1"))', false],
  ['not(eq(bgpPeerP.ttl,"1"))', true],
  ["true()", true],
  ["false()", false],
  ['eq(bgpPeerP.descr,"say \\"hi\\", (twice)")', true],
  ['eq(fvTenant.name,"T")', false],
  ['ne(fvTenant.name,"X")', false],
];

for (const [text, expected] of HOLDS) {
  test(text, () => {
    const filter = parseFilter(text);
    assert.ok(filter.ok);
    assert.is(filter.ok && filter.value(object), expected);
  });
}

const REFUSED: readonly (readonly [string, string, RegExp])[] = [
  ['eq(bgpPeerP.colour,"red")', "121", /^Prop 'colour' not found in class 'bgpPeerP' property table$/],
  ['eq(bgpPeerP.password,"x")', "121", /^Prop 'password' not found/],
  ['eq(fvNothing.name,"x")', "122", /^class fvNothing not found$/],
  ['eq(bgpPeerP.adminSt,"on")', "301", /^Incorrect filter format for bgpPeerP.adminSt, value 'on' is not valid$/],
  ['eq(bgpPeerP.ttl,"many")', "301", /value 'many' is not valid$/],
  ['wcard(bgpPeerP.dn,"(")', "301", /value '\(' is not valid$/],
  ["eq(bgpPeerP.ttl", "301", /^Incorrect filter format/],
  ["eq(bgpPeerP.ttl)", "301", /^Incorrect filter format/],
  ['eq("9",bgpPeerP.ttl)', "301", /^Incorrect filter format/],
  ['same(bgpPeerP.ttl,"9")', "301", /^Incorrect filter format/],
  ["and()", "301", /^Incorrect filter format/],
  ["true() false()", "301", /^Incorrect filter format/],
  ["", "301", /^Incorrect filter format/],
];

for (const [text, code, message] of REFUSED) {
  test(`refused: ${text}`, () => {
    const filter = parseFilter(text);
    assert.not.ok(filter.ok);
    if (filter.ok) return;
    assert.is(filter.error.code, code);
    assert.match(filter.error.text, message);
  });
}

test.run();
