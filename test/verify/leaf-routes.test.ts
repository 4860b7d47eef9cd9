import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { FoundObject } from "../../runner/connect/managed-object.ts";
import { leafRoutes } from "../../tasks/verify/leaf-routes.ts";
import { observeOn, reported } from "../support/leaf-reader.ts";

const test = suite("verify.leaf_routes");

const table = "topology/pod-1/node-201/sys/uribv4/dom-k8s:calico/db-rt";
const args = { tenant: "k8s", vrf: "calico", prefixes: ["10.1.39.0/26", "10.1.81.0/26"] };

function route(prefix: string, hops: readonly string[]): FoundObject {
  const dn = `${table}/rt-[${prefix}]`;
  const children = hops.map((hop) =>
    reported("uribv4Nexthop", `${dn}/nh-[bgp-65002]-[${hop}/32]-[unspecified]-[k8s:calico]`, { addr: `${hop}/32` }),
  );
  return reported("uribv4Route", dn, { prefix }, children);
}

function rules(ip: string, aggregate: string): FoundObject {
  const rule = reported("rtctrlMatchRtDest", `uni/tn-k8s/subj-r/dest-[${ip}]`, { ip, aggregate });
  return reported("fvTenant", "uni/tn-k8s", {}, [reported("rtctrlSubjP", "uni/tn-k8s/subj-r", {}, [rule])]);
}

function bgp(prefix: string, flags: string, asPath: string): FoundObject {
  const dn = `topology/pod-1/node-201/sys/bgp/inst/dom-k8s:calico/af-ipv4-ucast/rt-[${prefix}]`;
  const path = reported("bgpPath", `${dn}/path-[192.168.2.4]-id-0-nh-[192.168.2.4]`, { flags, asPath });
  return reported("bgpRoute", dn, { pfx: prefix }, [path]);
}

const first = route("10.1.39.0/26", ["192.168.2.4"]);

test("every prefix is there: one query, next hops listed", async () => {
  const { seen, asked } = await observeOn(leafRoutes, args, [first, route("10.1.81.0/26", ["192.168.2.6", "192.168.2.1"])]);
  assert.equal(seen, {
    facts: {
      routes: [
        { prefix: "10.1.39.0/26", next_hops: ["192.168.2.4"] },
        { prefix: "10.1.81.0/26", next_hops: ["192.168.2.1", "192.168.2.6"] },
      ],
    },
    unmet: [],
    message: "2 of 2 routes present",
  });
  assert.equal(asked, ["uribv4Route"]);
});

test("a covering route does not count", async () => {
  const { seen } = await observeOn(leafRoutes, args, [first, route("10.1.0.0/16", ["192.168.2.4"])]);
  assert.is(seen.message, "1 of 2 routes present");
});

test("IPv6 in another spelling, from its own table", async () => {
  const dn = "topology/pod-1/node-201/sys/uribv6/dom-k8s:calico/db-rt/rt-[fd00:1::/64]";
  const hop = reported("uribv6Nexthop", `${dn}/nh-[bgp-65002]-[fd00:2::4/128]-[unspecified]-[k8s:calico]`, {
    addr: "fd00:2::4/128",
  });
  const objects = [reported("uribv6Route", dn, { prefix: "fd00:1::/64" }, [hop])];
  const { seen, asked } = await observeOn(leafRoutes, { ...args, prefixes: ["FD00:1:0::/64"] }, objects);
  assert.equal(seen.unmet, []);
  assert.equal(asked, ["uribv6Route"]);
});

test("both families in one list, host routes, next hops in one spelling", async () => {
  const dn = "topology/pod-1/node-201/sys/uribv6/dom-k8s:calico/db-rt/rt-[fd00:12::a/128]";
  const hop = reported("uribv6Nexthop", `${dn}/nh-[bgp-65002]-[fd00:2::4/128]-[unspecified]-[k8s:calico]`, {
    addr: "FD00:2:0::4/128",
  });
  const six = reported("uribv6Route", dn, { prefix: "fd00:12:0::a/128" }, [hop]);
  const wanted = { ...args, prefixes: ["10.1.39.0/26", "FD00:12::A/128", "fd00:12::b/128"] };
  const { seen, asked } = await observeOn(leafRoutes, wanted, [first, six]);
  assert.equal(asked.slice(0, 2), ["uribv4Route", "uribv6Route"]);
  assert.is(seen.message, "2 of 3 routes present");
  assert.match(seen.unmet[0] ?? "", "fd00:12::b/128: no route");
  assert.equal(seen.facts?.routes, [
    { prefix: "10.1.39.0/26", next_hops: ["192.168.2.4"] },
    { prefix: "fd00:12::a/128", next_hops: ["fd00:2::4"] },
    { prefix: "fd00:12::b/128", next_hops: [] },
  ]);
});

const cases: readonly (readonly [string, readonly FoundObject[], RegExp])[] = [
  ["no rule covers it", [rules("192.168.2.0/24", "yes")], /^10\.1\.81\.0\/26: no route: no match rule of the tenant permits it/],
  ["a rule without aggregate", [rules("10.1.0.0/16", "no")], /10\.1\.0\.0\/16 without aggregate/],
  ["path too long", [bgp("10.1.81.0/26", "max-as-limit,rcvd-only", "65003 65004")], /AS path 65003 65004 is longer/],
  ["received only", [rules("10.1.0.0/16", "yes"), bgp("10.1.81.0/26", "rcvd-only", "65003")], /received, but not used/],
  ["nobody announces it", [rules("10.1.0.0/16", "yes")], /no node announces it/],
  ["no next hop", [route("10.1.81.0/26", [])], /the route has no next hop/],
];
for (const [name, objects, line] of cases) {
  test(name, async () => {
    const { seen } = await observeOn(leafRoutes, args, [first, ...objects]);
    assert.is(seen.unmet.length, 1);
    assert.match(seen.unmet[0] ?? "", line);
  });
}

test.run();
