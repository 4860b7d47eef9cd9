import { suite } from "uvu";
import * as assert from "uvu/assert";
import { blackHoles } from "../../../lab/record/black-holes.ts";
import { stateAt } from "../../../lab/record/read.ts";
import { BEGIN, type Course, courseOf } from "../bgp/course.ts";
import type { Design } from "../bgp/design-choices.ts";

const test = suite("the lab's record");

/** Runs something on a design with a record, and gives its black holes as `leaf, seconds, state, reason`. */
function holesAfter(change: Partial<Design>, run: (course: Course) => void): string[] {
  const course = courseOf(change);
  try {
    run(course);
    return blackHoles(course.record()).map(({ leaf, from, to, state, reason }) => {
      const seconds = to === undefined ? "open" : (Date.parse(to) - Date.parse(from)) / 1000;
      return `${leaf}, ${seconds}, ${state}, ${reason}`;
    });
  } finally {
    course.close();
  }
}

/** A reboot in good order: containers first, then off for a minute. */
function reboot(course: Course): void {
  course.machine("n0", { containers: false });
  course.pass(1);
  course.machine("n0", { poweredOn: false });
  course.pass(60);
  course.machine("n0", { poweredOn: true, containers: true, bootId: "2" });
  course.pass(10);
}

function edit(
  course: Course,
  kind: string,
  change: (object: Record<string, unknown>) => Record<string, unknown> | undefined,
): void {
  course.kube((object) => {
    if (object.kind !== kind || (kind === "Node" && object.metadata.name !== "n0")) return object;
    const changed = change({ ...object });
    return changed === undefined ? undefined : { ...object, ...changed };
  });
}

test("a Calico node rebooted without withdrawing first is a black hole until it is back", () => {
  assert.equal(holesAfter({}, reboot), [
    "201, 61, stale, n0 has ended its containers",
    "202, 61, stale, n0 has ended its containers",
  ]);
});

test("one that does not come back attracts traffic for the whole restart time", () => {
  const holes = holesAfter({}, (course) => {
    course.machine("n0", { containers: false });
    course.pass(1);
    course.machine("n0", { poweredOn: false });
    course.pass(300);
  });
  assert.equal(holes, ["201, 120, stale, n0 has ended its containers", "202, 120, stale, n0 has ended its containers"]);
});

test("a machine that is back forwards nothing until its CNI runs", () => {
  const holes = holesAfter({}, (course) => {
    const restored = course.pods("n0");
    course.machine("n0", { containers: false });
    course.pass(1);
    course.pods("n0", []);
    course.machine("n0", { bootId: "2", containers: true });
    course.pass(10);
    course.pods("n0", restored);
    course.pass(10);
  });
  assert.is(holes[0], "201, 11, stale, n0 has ended its containers");
});

test("withdrawn first, the same reboot leaves no black hole", () => {
  const peers = new Map<string, unknown>();
  const holes = holesAfter({}, (course) => {
    edit(course, "BGPPeer", (object) => {
      const spec = Object(object.spec);
      peers.set(String(Object(object.metadata).name), spec);
      return { spec: { ...spec, nodeSelector: `${spec.nodeSelector} && !has(underlay/withdrawn)` } };
    });
    course.pass(1);
    edit(course, "Node", ({ metadata }) => {
      const { labels, ...rest } = Object(metadata);
      return { metadata: { ...rest, labels: { ...labels, "underlay/withdrawn": "true" } } };
    });
    course.pass(1);
    assert.equal(course.routesVia("n0"), []);
    reboot(course);
  });
  assert.is(peers.size, 4);
  assert.equal(holes, []);
});

test("power loss is a black hole for the hold time", () => {
  const holes = holesAfter({}, (course) => {
    course.machine("n0", { poweredOn: false, containers: false });
    course.pass(60);
  });
  assert.equal(holes, ["201, 6, held, n0 is off", "202, 6, held, n0 is off"]);
});

test("a BGP program that restarts is no black hole: the kernel goes on forwarding", () => {
  const holes = holesAfter({}, (course) => {
    course.kube((object) =>
      object.kind === "Pod" ? { ...object, status: { ...Object(object.status), startTime: "later" } } : object,
    );
    course.pass(60);
    assert.ok(course.record().some((entry) => entry.what === "route" && entry.state === "stale"));
  });
  assert.equal(holes, []);
});

test("an address that went, a Node that was deleted and a block that is another node's are black holes", () => {
  const moved = (course: Course) => {
    edit(course, "BlockAffinity", ({ spec }) => ({
      spec: Object(spec).node === "n0" ? { ...Object(spec), node: "n2" } : Object(spec),
    }));
    course.pass(1);
  };
  const gone = holesAfter({}, (course) => {
    course.machine("n0", { links: [] });
    course.pass(20);
  });
  assert.is(gone[0], "201, 6, held, 192.168.2.1 is on no link of n0 that reaches a leaf");
  const deleted = holesAfter({}, (course) => {
    edit(course, "Node", () => undefined);
    course.pass(5);
  });
  assert.is(deleted[0], "201, open, stale, n0 is not in the cluster");
  // The session takes the prefix back at once; one that is silent cannot.
  assert.equal(holesAfter({}, moved), []);
  const silent = holesAfter({}, (course) => {
    course.fabric("bgpPeerP", (_, secure) => {
      secure.password = "new";
      return undefined;
    });
    course.pass(1);
    moved(course);
    course.pass(20);
  });
  assert.is(silent[0], "201, 5, held, 10.1.0.0/26 is not a pod prefix of n0");
});

test("only what changed is written, and nothing when nothing did", () => {
  const course = courseOf();
  try {
    const first = course.record().length;
    course.pass(100);
    assert.is(course.record().length, first);
    edit(course, "Node", ({ spec }) => ({ spec: { ...Object(spec), unschedulable: true } }));
    course.pass(1);
    const [entry, ...rest] = course.record().slice(first);
    assert.equal(rest, []);
    assert.is(entry?.what === "node" && entry.node === "n0" && entry.cordoned, true);
  } finally {
    course.close();
  }
});

test("the record tells what was true at any moment", () => {
  const course = courseOf();
  try {
    course.pass(10);
    course.machine("n0", { poweredOn: false, containers: false });
    course.pass(20);
    const at = (seconds: number) => stateAt(course.record(), new Date(BEGIN + seconds * 1000));
    const routes = (seconds: number) => [...at(seconds).routes.values()].filter(({ node }) => node === "n0").length;
    assert.equal([routes(5), routes(15.9), routes(16)], [2, 2, 0]);
    assert.equal([at(5).nodes.get("n0")?.poweredOn, at(12).nodes.get("n0")?.poweredOn], [true, false]);
    assert.is([...at(12).sessions.values()].filter(({ node }) => node === "n0").length, 2);
    const down = course.record().find((entry) => entry.what === "session" && entry.state === "down");
    assert.is(down?.what === "session" ? down.reason : "", "hold timer expired: 192.168.2.1 of n0 does not reach leaf 201");
  } finally {
    course.close();
  }
});

test("pods of workloads are recorded where they run, those of the host's network are not", () => {
  const course = courseOf();
  try {
    const pod = (node: string | undefined, hostNetwork = false) =>
      course.kube((object) => {
        if (object.metadata.name !== "calico-node-5") return object;
        const metadata = { ...object.metadata, namespace: "web", labels: { app: "shop" } };
        return { ...object, metadata, spec: { nodeName: node, hostNetwork } };
      });
    const seen = () =>
      course.record().flatMap((entry) => (entry.what === "pod" && entry.app === "shop" ? `${entry.node} ${entry.state}` : []));
    pod("n1", true);
    course.pass(1);
    assert.equal(seen(), []);
    pod("n1");
    course.pass(1);
    pod("n2");
    course.pass(1);
    assert.equal(seen(), ["n1 placed", "n1 gone", "n2 placed"]);
  } finally {
    course.close();
  }
});

test.run();
