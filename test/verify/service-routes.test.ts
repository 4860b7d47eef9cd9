import { suite } from "uvu";
import * as assert from "uvu/assert";
import { serviceRoutes } from "../../tasks/verify/service-routes.ts";
import { observeOn, reported } from "../support/leaf-reader.ts";

const test = suite("verify.service_routes");

const domain = "topology/pod-1/node-201/sys/uribv4/dom-k8s:calico/db-rt";

function route(prefix: string, hops: readonly (readonly [address: string, routeType: string])[]) {
  const family = prefix.includes(":") ? "uribv6" : "uribv4";
  const dn = `${domain}/rt-[${prefix}]`;
  return reported(
    `${family}Route`,
    dn,
    { prefix },
    hops.map(([addr, routeType]) =>
      reported(`${family}Nexthop`, `${dn}/nh-[bgp-65002]-[${addr}]-[unspecified]-[k8s:calico]`, { addr, routeType }),
    ),
  );
}

const SERVICE = "192.168.10.150/32";
const args = { tenant: "k8s", vrf: "calico", prefixes: [SERVICE], next_hops: ["192.168.2.4", "192.168.2.6"] };
const both = [
  ["192.168.2.4/32", "ebgp"],
  ["192.168.2.6/32", "ebgp"],
] as const;

test("exactly the nodes with an endpoint: one query, for that prefix only", async () => {
  const { seen, asked } = await observeOn(serviceRoutes, args, [route(SERVICE, both)]);
  assert.equal(seen.unmet, []);
  assert.is(seen.message, `${SERVICE} via 192.168.2.4, 192.168.2.6`);
  assert.equal(asked, ["uribv4Route"]);
});

test("one next hop too few, one too many, no route at all", async () => {
  const unmet = async (hops: readonly (readonly [string, string])[]) =>
    (await observeOn(serviceRoutes, args, [route(SERVICE, hops)])).seen.unmet;
  assert.equal(await unmet([["192.168.2.4/32", "ebgp"]]), [`${SERVICE}: no next hop 192.168.2.6, which has an endpoint`]);
  assert.equal(await unmet([...both, ["192.168.2.1/32", "ebgp"]]), [`${SERVICE}: next hop 192.168.2.1 has no endpoint`]);
  assert.is((await observeOn(serviceRoutes, args, [])).seen.unmet.length, 2);
});

test("a leaf without endpoints of its own: the fabric's next hop is no objection, an eBGP one is", async () => {
  const none = { ...args, next_hops: [] };
  const fabric = await observeOn(serviceRoutes, none, [route(SERVICE, [["10.0.0.202/32", "ibgp"]])]);
  assert.equal(fabric.seen.unmet, []);
  assert.is(fabric.seen.message, `${SERVICE}: not from this leaf's nodes`);
  const wrong = await observeOn(serviceRoutes, none, [route(SERVICE, [["192.168.2.1/32", "ebgp"]])]);
  assert.equal(wrong.seen.unmet, [`${SERVICE}: next hop 192.168.2.1 has no endpoint`]);
});

test("each prefix is compared within its family, however IPv6 is written", async () => {
  const six = "fd00:8::10/128";
  const dual = { ...args, prefixes: [SERVICE, "FD00:8:0::10/128"], next_hops: ["192.168.2.4", "fd00:2::4"] };
  const { seen } = await observeOn(serviceRoutes, dual, [
    route(SERVICE, [["192.168.2.4/32", "ebgp"]]),
    route(six, [["fd00:2:0::4/128", "ebgp"]]),
  ]);
  assert.equal(seen.unmet, []);
});

test.run();
