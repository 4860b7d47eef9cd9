import { suite } from "uvu";
import * as assert from "uvu/assert";
import { nodeReachable } from "../../tasks/node/reachable.ts";
import { paperNode } from "../support/ssh-lab-node.ts";
import { byHand, observed, withNode } from "./on-lab-node.ts";

const test = suite("node.reachable against a lab node");
const GATEWAY = "192.168.2.254";
const SIX = "fd00:2::fe";
const dual = { ...paperNode, addresses: ["192.168.2.1/24", "fd00:2::1/64"], gateways: [GATEWAY, SIX] };

/** Fabric whose addresses take packets up to so many bytes. */
const upTo = (largest: number) => ({ gatewayAnswers: (_node: string, _gateway: string, bytes = 0) => bytes <= largest });

test("both families at exactly the size of the IP packet", () =>
  withNode(
    async (node) => {
      assert.equal((await observed(nodeReachable, node.session, { targets: [GATEWAY, SIX], size: 1500 })).unmet, []);
      const over = (await observed(nodeReachable, node.session, { targets: [GATEWAY, SIX], size: 1501 })).unmet;
      for (const line of over) assert.match(line, "the MTU of the node's own link is 1500, not 1501: node.network sets it");
      assert.is(over.length, 2);
    },
    dual,
    upTo(1500),
  ));

test("a path that loses big packets and lets small ones through is told from none at all", () =>
  withNode(
    async (node) => {
      await byHand(node, "ip", "link", "set", "dev", "eno1", "mtu", "9000");
      await byHand(node, "ip", "link", "set", "dev", "eno1.310", "mtu", "9000");
      const [narrow = ""] = (await observed(nodeReachable, node.session, { targets: [GATEWAY], size: 9000 })).unmet;
      assert.match(narrow, "answers small packets and none of 9000 bytes: is the MTU of the SVI");
      assert.equal((await observed(nodeReachable, node.session, { targets: [GATEWAY], size: 8950 })).unmet, []);
    },
    paperNode,
    upTo(8950),
  ));

test("silence, and a family without a route", () =>
  withNode(
    async (node) => {
      const { unmet } = await observed(nodeReachable, node.session, { targets: [GATEWAY, SIX], size: 1500 });
      assert.match(unmet[0] ?? "", `${GATEWAY} does not answer at all`);
      assert.match(unmet[1] ?? "", `${SIX}: the node has no route there`);
    },
    paperNode,
    upTo(-1),
  ));

test.run();
