import { suite } from "uvu";
import * as assert from "uvu/assert";
import { findDrift } from "../../tasks/node/drift.ts";
import { idlePorts } from "../../tasks/node/unmet.ts";
import type { WantedNetwork } from "../../tasks/node/wanted-network.ts";
import { bonded, kernel } from "./recorded-kernel.ts";

const test = suite("node.network and the live network");

test("members that the bond cannot use are named", () => {
  const bonding = (more: object) => ({ linkinfo: { info_slave_kind: "bond", info_slave_data: more } });
  const idle = (eno2: object) => idlePorts(bonded, kernel("bonded", { eno2 }));
  assert.equal(idle({}), []);
  assert.equal(idle(bonding({ mii_status: "DOWN", ad_aggregator_id: 1 })), ["eno2 in bond0 has no carrier"]);
  assert.match(idle(bonding({ mii_status: "UP", ad_aggregator_id: 2 })).join(), "eno2 in bond0 is not bundled");
  // An older `ip` says nothing about aggregators.
  assert.equal(idle(bonding({ mii_status: "UP" })), []);
});

/** The paper's first node in an IPv6 subnet, as the kernel shows it once it is there. */
const [address, gateway] = ["2001:DB8:310:0::1/64", "2001:db8:310::FFFE"];
const six: WantedNetwork = { ...bonded, addresses: [address], gateways: [gateway] };
const sixRoute = { dst: "default", gateway: "2001:db8:310::fffe", dev: "bond0.310", protocol: "static", metric: 1024 };
const sixAddress = { family: "inet6", local: "2001:db8:310::1", prefixlen: 64, scope: "global" };

test("IPv6: the same address however it is written; route and address by family", () => {
  const live = kernel("bonded", { "bond0.310": { addr_info: [sixAddress] } }, [], [sixRoute]);
  assert.equal(findDrift(six, live).changes, []);
  const without = findDrift(six, kernel("bonded", {}, []));
  assert.equal(
    without.changes.map(({ action, target, after }) => [action, target, after]),
    [
      ["create", "address on bond0.310", address],
      ["create", "route default IPv6", `via ${gateway} dev bond0.310`],
    ],
  );
});

test("dual stack: each family has its own address and default route", () => {
  const both: WantedNetwork = {
    ...bonded,
    addresses: [...bonded.addresses, address],
    gateways: [...bonded.gateways, gateway],
  };
  const four = { family: "inet", local: "192.168.2.1", prefixlen: 24, scope: "global" };
  const fourRoute = { dst: "default", gateway: "192.168.2.254", dev: "bond0.310" };
  const addresses = { "bond0.310": { addr_info: [four, sixAddress] } };
  assert.equal(findDrift(both, kernel("bonded", addresses, [fourRoute], [sixRoute])).changes, []);
  const changes = findDrift(both, kernel("bonded", {}, [fourRoute])).changes;
  assert.equal(
    changes.map(({ action, target, after }) => [action, target, after]),
    [
      ["create", "address on bond0.310", address],
      ["create", "route default IPv6", `via ${gateway} dev bond0.310`],
    ],
  );
});

test.run();
