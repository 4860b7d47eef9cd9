import { suite } from "uvu";
import * as assert from "uvu/assert";
import { BOTH, kill, leafPassword, nodePassword, on, restart, UP } from "./on-course.ts";

const test = suite("BGP sessions in time: peers taken away or switched off, passwords");

test("peers that are taken away on the node's side: a Cease, routes gone at once", () => {
  on({}, (course) => {
    course.kube((object) => {
      if (object.kind !== "BGPPeer") return object;
      const spec = Object(object.spec);
      return { ...object, spec: { ...spec, nodeSelector: `${spec.nodeSelector} && !has(underlay/withdrawn)` } };
    });
    course.pass(0);
    assert.equal(course.routesVia("n0"), BOTH);
    const label = (value: string | undefined) =>
      course.kube((object) => {
        if (object.kind !== "Node" || object.metadata.name !== "n0") return object;
        const { "underlay/withdrawn": _, ...labels } = object.metadata.labels ?? {};
        const marked = value === undefined ? labels : { ...labels, "underlay/withdrawn": value };
        return { ...object, metadata: { ...object.metadata, labels: marked } };
      });
    label("true");
    course.pass(0);
    assert.equal(course.routesVia("n0"), []);
    // What is withdrawn leaves nothing behind when the machine is rebooted in good order.
    course.machine("n0", { containers: false });
    course.pass(1);
    course.machine("n0", { containers: true, bootId: "2" });
    label(undefined);
    course.pass(2);
    assert.equal(course.routesVia("n0"), BOTH);
  });
});

test("a peer that is taken away on the leaf's side: gone at once, whatever the node does", () => {
  for (const before of [undefined, "silent", "stale"] as const) {
    on({}, (course) => {
      if (before === "silent") course.machine("n0", { poweredOn: false });
      if (before === "stale") kill(course);
      course.pass(1);
      course.fabric("bgpPeerP", () => "delete");
      course.pass(0);
      assert.equal(course.routesVia("n0"), []);
    });
  }
});

test("the leaf's password changes first: silence for the hold time, then down", () => {
  on({}, (course) => {
    leafPassword(course, "new");
    course.pass(5.9);
    assert.equal(course.routesVia("n0"), BOTH);
    assert.equal(course.sessionsOf("n0"), UP);
    course.pass(0.1);
    assert.equal(course.routesVia("n0"), []);
    assert.equal(course.sessionsOf("n0"), ["undefined, Connect", "undefined, Connect"]);
  });
});

test("the node's password follows within the hold time: one reset, back after the connect delay", () => {
  on({}, (course) => {
    leafPassword(course, "new");
    course.pass(3);
    nodePassword(course, "new");
    course.pass(1.9);
    assert.equal(course.routesVia("n0"), []);
    course.pass(0.1);
    assert.equal(course.routesVia("n0"), BOTH);
    assert.equal(course.sessionsOf("n0"), UP);
  });
});

test("the leaf's password goes back within the hold time: nothing happened", () => {
  on({}, (course) => {
    leafPassword(course, "new");
    course.pass(3);
    leafPassword(course, "secret");
    course.pass(60);
    assert.equal(course.routesVia("n0"), BOTH);
    assert.not.ok(course.record().some((entry) => entry.what === "session" && entry.state === "down"));
  });
});

test("the node's password changes first: its program restarts the session at once", () => {
  on({}, (course) => {
    nodePassword(course, "new");
    course.pass(0);
    assert.equal(course.routesVia("n0"), []);
    assert.equal(course.sessionsOf("n0"), ["undefined, Connect", "undefined, Connect"]);
    leafPassword(course, "new");
    course.pass(2);
    assert.equal(course.routesVia("n0"), BOTH);
  });
});

test("kube-router: a neighbour switched off by hand, until it is switched on or its pod restarts", () => {
  on({ cni: "kube-router", flags: ["--bgp-graceful-restart=true"] }, (course) => {
    const agent = () => course.routing().agents.find(({ node }) => node === "n0");
    const turn = (to: "off" | "on") => {
      const speaker = agent();
      assert.ok(speaker);
      for (const { address } of speaker.peers) course.switches.turn(speaker, address, to);
      course.pass(0);
    };
    turn("off");
    assert.equal(course.routesVia("n0"), []);
    assert.equal(course.sessionsOf("n0"), ["undefined, Idle", "undefined, Idle"]);
    assert.ok(agent()?.peers.every(({ adminDown }) => adminDown));
    turn("on");
    course.pass(1);
    assert.equal(course.routesVia("n0"), BOTH);
    turn("off");
    restart(course, "later");
    course.pass(1);
    assert.equal(course.routesVia("n0"), BOTH);
  });
});

test.run();
