import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Course } from "./course.ts";
import { BOTH, kill, on, restart, STALE, UP } from "./on-course.ts";

const test = suite("BGP sessions in time: what ends, and what it leaves behind");

for (const cni of ["calico", "kube-router", "cilium"] as const) {
  test(`${cni}: power loss is noticed after the hold time, and leaves nothing stale`, () => {
    on({ cni, flags: ["--bgp-graceful-restart=true"] }, (course) => {
      course.machine("n0", { poweredOn: false, containers: false });
      course.pass(5.9);
      assert.equal(course.routesVia("n0"), BOTH);
      assert.equal(course.sessionsOf("n0"), ["established, undefined", "established, undefined"]);
      course.pass(0.1);
      assert.equal(course.routesVia("n0"), []);
      assert.equal(course.sessionsOf("n0"), []);
      assert.is(course.next(), undefined);
    });
  });

  test(`${cni}: a link that is back before the hold time is over was never missed`, () => {
    on({ cni }, (course) => {
      const links = course.routing().agents.length;
      course.machine("n0", { links: [] });
      course.pass(4);
      assert.equal(course.routesVia("n0"), BOTH);
      assert.equal(course.sessionsOf("n0"), UP);
      assert.is(course.routing().agents.length, links);
    });
    on({ cni }, (course) => {
      course.machine("n0", { links: [] });
      course.pass(6);
      assert.equal(course.routesVia("n0"), []);
      assert.equal(course.sessionsOf("n0"), ["undefined, Active", "undefined, Active"]);
    });
  });
}

test("Calico: a killed pod leaves stale routes until it is back, or for 120 s", () => {
  on({}, (course) => {
    kill(course);
    course.pass(119.9);
    assert.equal(course.routesVia("n0"), STALE);
    assert.equal(course.sessionsOf("n0"), []);
    assert.ok(course.routing().routes.some((route) => route.leafId === 201 && route.prefix === "10.1.0.0/26"));
    course.pass(0.1);
    assert.equal(course.routesVia("n0"), []);
    assert.not.ok(course.routing().routes.some((route) => route.prefix === "10.1.0.0/26"));
  });
  on({}, (course) => {
    restart(course, "later");
    course.pass(1.9);
    assert.equal(course.routesVia("n0"), STALE);
    assert.equal(course.sessionsOf("n0"), ["undefined, Active", "undefined, Active"]);
    course.pass(0.1);
    assert.equal(course.routesVia("n0"), BOTH);
    assert.equal(course.sessionsOf("n0"), UP);
  });
});

test("Calico: maxRestartTime makes the stale time shorter", () => {
  on({}, (course) => {
    course.kube((object) =>
      object.kind === "BGPPeer" ? { ...object, spec: { ...Object(object.spec), maxRestartTime: "60s" } } : object,
    );
    course.pass(0);
    kill(course);
    course.pass(59);
    assert.equal(course.routesVia("n0"), STALE);
    course.pass(1);
    assert.equal(course.routesVia("n0"), []);
  });
});

test("a leaf that is no helper removes the routes of a killed pod at once", () => {
  on({}, (course) => {
    course.fabric("bgpCtxPol", (attributes) => {
      attributes.grCtrl = "";
      return undefined;
    });
    course.pass(0);
    kill(course);
    course.pass(0);
    assert.equal(course.routesVia("n0"), []);
  });
});

test("kube-router: stale routes only with its flag, for its time", () => {
  on({ cni: "kube-router" }, (course) => {
    kill(course);
    course.pass(0);
    assert.equal(course.routesVia("n0"), []);
  });
  on({ cni: "kube-router", flags: ["--bgp-graceful-restart=true"] }, (course) => {
    kill(course);
    course.pass(89);
    assert.equal(course.routesVia("n0"), STALE);
    course.pass(1);
    assert.equal(course.routesVia("n0"), []);
  });
  on({ cni: "kube-router", flags: ["--bgp-graceful-restart=true", "--bgp-graceful-restart-time=30s"] }, (course) => {
    kill(course);
    course.pass(30);
    assert.equal(course.routesVia("n0"), []);
  });
});

test("Cilium: stale routes only when graceful restart is enabled", () => {
  const enable = (course: Course) =>
    course.kube((object) =>
      object.kind === "CiliumBGPPeerConfig"
        ? { ...object, spec: { ...Object(object.spec), gracefulRestart: { enabled: true, restartTimeSeconds: 15 } } }
        : object,
    );
  for (const [isEnabled, expected] of [
    [false, []],
    [true, STALE],
  ] as const) {
    on({ cni: "cilium" }, (course) => {
      if (isEnabled) enable(course);
      course.pass(0);
      kill(course);
      course.pass(14.9);
      assert.equal(course.routesVia("n0"), expected);
      course.pass(0.1);
      assert.equal(course.routesVia("n0"), []);
    });
  }
});

test("Cilium: an agent that no configuration selects any more takes its peers away with a Cease", () => {
  on({ cni: "cilium" }, (course) => {
    course.kube((object) =>
      object.kind === "CiliumBGPPeerConfig"
        ? { ...object, spec: { ...Object(object.spec), gracefulRestart: { enabled: true } } }
        : object,
    );
    course.pass(0);
    course.kube((object) => (object.kind === "CiliumBGPNodeConfig" && object.metadata.name === "n0" ? undefined : object));
    course.pass(0);
    assert.equal(course.routesVia("n0"), []);
  });
});

test("a machine that ends its containers before it goes off leaves stale routes, also when both are seen at once", () => {
  on({}, (course) => {
    course.machine("n0", { containers: false });
    course.pass(1);
    course.machine("n0", { poweredOn: false });
    course.pass(100);
    assert.equal(course.routesVia("n0"), STALE);
  });
  on({}, (course) => {
    course.stopped.add("1");
    course.machine("n0", { poweredOn: false, containers: false });
    course.pass(100);
    assert.equal(course.routesVia("n0"), STALE);
    course.machine("n0", { poweredOn: true, containers: true, bootId: "2" });
    course.pass(2);
    assert.equal(course.routesVia("n0"), BOTH);
  });
});

test("a machine that is back after the hold time waits for the connect delay of its program", () => {
  for (const [cni, delay] of [
    ["calico", 2],
    ["kube-router", 1],
    ["cilium", 1],
  ] as const) {
    on({ cni }, (course) => {
      course.machine("n0", { poweredOn: false, containers: false });
      course.pass(10);
      course.machine("n0", { poweredOn: true, containers: true, bootId: "2" });
      course.pass(delay - 0.1);
      assert.equal(course.routesVia("n0"), []);
      course.pass(0.1);
      assert.equal(course.routesVia("n0"), BOTH);
      assert.equal(course.sessionsOf("n0"), UP);
    });
  }
});

test("a Node that is deleted loses its pod, which says nothing: stale routes", () => {
  on({}, (course) => {
    course.kube((object) => (object.kind === "Node" && object.metadata.name === "n0" ? undefined : object));
    course.pass(1);
    assert.equal(course.routesVia("n0"), STALE);
  });
});

test("a host peer of the leaf is an entry that stays established in silence, and tries again after it", () => {
  on({ svi: "standard", families: ["ipv4"] }, (course) => {
    course.machine("n0", { poweredOn: false, containers: false });
    course.pass(3);
    const entries = () =>
      course
        .routing()
        .sessions.filter(({ nodeAddress }) => nodeAddress === "192.168.4.1")
        .map(({ leafState }) => leafState);
    assert.equal(entries(), ["established", "established"]);
    course.pass(3);
    assert.equal(entries(), ["active", "active"]);
  });
});

test("time can be sped up", () => {
  on(
    {},
    (course) => {
      kill(course);
      course.pass(1.1);
      assert.equal(course.routesVia("n0"), STALE);
      course.pass(0.1);
      assert.equal(course.routesVia("n0"), []);
    },
    100,
  );
});

test.run();
