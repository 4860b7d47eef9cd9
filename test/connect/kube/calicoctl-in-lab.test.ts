import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openCluster } from "../../../runner/connect/kube/open-cluster.ts";
import type { PreparedTask } from "../../../runner/task-type.ts";
import { bgpConfiguration } from "../../../tasks/calico/bgp-configuration.ts";
import { bgpPeers } from "../../../tasks/calico/bgp-peers.ts";
import { connectionsTo, prepare } from "../../k8s/fake-cluster.ts";
import { type CalicoctlStandIn, calicoctlStandIn } from "../../support/calicoctl.ts";
import { quiet } from "../../support/progress.ts";
import { type Answer, listOf, standIn } from "./stand-in.ts";

/** Calico's objects in a cluster without Calico's API, through a stand-in for calicoctl. */
const test = suite("calicoctl");

const STORED = ["BGPPeer bgppeers", "BGPFilter bgpfilters", "BGPConfiguration bgpconfigurations", "IPPool ippools"];
const CORE = ["namespaces ns v1 false Namespace", "apiservices apiregistration.k8s.io/v1 false APIService"];

function resources(group: string): Answer {
  const rows = STORED.map((words) => {
    const [kind, plural] = words.split(" ");
    return `${plural} ${group} false ${kind}`;
  });
  return { program: "kubectl", when: "^api-resources", stdout: [...CORE, ...rows, ""].join("\n") };
}
const STORED_ONLY = resources("crd.projectcalico.org/v1");
const NO_API: Answer = { program: "kubectl", when: "^get -f -", stdout: "" };
const API_DOWN: Answer = {
  program: "kubectl",
  when: "^get -f -",
  stdout: listOf({ apiVersion: "apiregistration.k8s.io/v1", kind: "APIService", metadata: { name: "v3.projectcalico.org" } }),
};

interface Options {
  readonly check?: boolean;
  readonly kubectl?: readonly Answer[];
  /** Program other than the stand-in. */
  readonly calicoctl?: string;
}

/** Opens a cluster without Calico's API; the stand-in's objects outlive it. */
function opened(calico: CalicoctlStandIn, { check = false, kubectl = [STORED_ONLY, NO_API], calicoctl }: Options = {}) {
  const programs = standIn(kubectl);
  const session = openCluster({
    kubectl: programs.kubectl,
    helm: programs.helm,
    calicoctl: calicoctl ?? calico.program,
    check,
    secrets: [],
    timeouts: { retryMilliseconds: 1, pollMilliseconds: 1, crdSeconds: 0 },
  });
  const close = () => {
    session.close();
    programs.remove();
  };
  return { session, close };
}

async function withCalico(body: (calico: CalicoctlStandIn) => Promise<void>, kept: readonly unknown[] = [], version?: string) {
  const folder = mkdtempSync(path.join(tmpdir(), "underlay-calicoctl-"));
  try {
    await body(calicoctlStandIn(folder, kept, version));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Plans a task and, in a run, carries it out; changes as `create bgppeer.projectcalico.org 201`, or what went wrong. */
async function go(calico: CalicoctlStandIn, task: PreparedTask, options: Options = {}): Promise<readonly string[]> {
  const { session, close } = opened(calico, options);
  try {
    if (task.form !== "declared") throw new Error("declares nothing");
    const planned = await task.plan(connectionsTo({ connection: session.connection() }));
    if (!planned.ok) return [`${planned.failure.message}; ${planned.failure.meaning}; ${planned.failure.next}`];
    const changes = planned.value.changes.map(({ action, target }) => `${action} ${target}`);
    const applied = options.check ? { ok: true as const } : await planned.value.apply(quiet);
    return applied.ok ? changes : [`${applied.failure.message}; ${applied.failure.meaning}`];
  } finally {
    close();
  }
}

function peers(leaves: readonly number[], more: Record<string, unknown> = {}) {
  const sessions = leaves.map((leaf) => {
    return { node: "a", rack_id: 1, leaf: `leaf${leaf}`, leaf_id: leaf, family: "ipv4", peer_address: `192.168.2.${leaf}` };
  });
  return prepare(bgpPeers, { asn: 65002, sessions, password: { secret: "s", key: "k" }, ...more });
}

const created = ["BGPFilter underlay-no-reexport", "BGPPeer 201", "BGPPeer 202"].map((words) => {
  const [kind = "", name] = words.split(" ");
  return `create ${kind.toLowerCase()}.projectcalico.org ${name}`;
});

test("the check predicts, the run makes, a second run changes nothing, another leaf takes its peer away", async () => {
  await withCalico(async (calico) => {
    assert.equal(await go(calico, peers([201, 202]), { check: true }), created);
    assert.equal(calico.objects(), []);
    assert.ok(calico.calls().every((call) => call.startsWith("get ")));
    assert.equal(await go(calico, peers([201, 202])), created);
    for (const check of [true, false]) assert.equal(await go(calico, peers([201, 202]), { check }), []);
    for (const check of [true, false]) {
      assert.equal(await go(calico, peers([201]), { check }), ["delete bgppeer.projectcalico.org 202"]);
    }
    assert.equal(
      calico.objects().map(({ kind }) => kind),
      ["BGPFilter", "BGPPeer"],
    );
    await go(calico, peers([201], { state: "absent" }));
    assert.equal(calico.objects(), []);
    assert.equal(await go(calico, peers([201], { state: "absent" })), []);
  });
});

test("objects are written as projectcalico.org/v3, never in their stored form", async () => {
  await withCalico(async (calico) => {
    await go(calico, peers([201]));
    for (const { apiVersion } of calico.objects()) assert.is(apiVersion, "projectcalico.org/v3");
  });
});

test("a field that is no longer wanted goes; what others have set stays", async () => {
  await withCalico(async (calico) => {
    await go(calico, peers([201]));
    const spec = () => Object(calico.objects().find(({ kind }) => kind === "BGPPeer")?.spec);
    assert.ok("password" in spec() && "filters" in spec());
    assert.equal(await go(calico, peers([201], { password: undefined, no_reexport: false, exclusive: false })), [
      "modify bgppeer.projectcalico.org 201",
    ]);
    assert.equal(Object.keys(spec()).sort(), ["asNumber", "nodeSelector", "peerIP"]);
  });
  const theirs = {
    apiVersion: "projectcalico.org/v3",
    kind: "BGPConfiguration",
    metadata: { name: "default", uid: "u", resourceVersion: "7" },
    spec: { logSeverityScreen: "Debug", asNumber: 64512 },
  };
  await withCalico(
    async (calico) => {
      const task = () => prepare(bgpConfiguration, { asn: 65003 });
      for (const check of [true, false]) {
        assert.equal(await go(calico, task(), { check }), ["modify bgpconfiguration.projectcalico.org default"]);
      }
      assert.equal(calico.objects()[0]?.spec, { logSeverityScreen: "Debug", asNumber: 65003, nodeToNodeMeshEnabled: false });
      assert.equal(await go(calico, task()), []);
    },
    [theirs],
  );
});

test("listing the kind works too, for the causes of missing sessions", async () => {
  await withCalico(async (calico) => {
    await go(calico, peers([201]));
    const { session, close } = opened(calico);
    const listed = await session.connection().reader.list("bgppeers.projectcalico.org");
    const served = await session.connection().reader.serves("bgppeers.projectcalico.org");
    close();
    assert.ok(listed.ok && served.ok);
    assert.equal(
      listed.value?.map(({ metadata }) => metadata.name),
      ["201"],
    );
    assert.is(served.value, false);
  });
});

test("without calicoctl: which program is missing, why it is needed, and what to do", async () => {
  await withCalico(async (calico) => {
    const [said = ""] = await go(calico, peers([201]), { calicoctl: "/nowhere/calicoctl" });
    for (const words of ["/nowhere/calicoctl: not found", "does not serve projectcalico.org/v3", "cni.calicoctl"]) {
      assert.match(said, words);
    }
  });
});

test("a calicoctl of another version than the cluster's is named as such", async () => {
  await withCalico(
    async (calico) => {
      const [said = ""] = await go(calico, peers([201]));
      assert.match(said, "Cluster Version:  v3.26.1");
      assert.match(said, "install the calicoctl of the cluster's version");
    },
    [],
    "v3.26.1",
  );
});

test("a served API is used, one that is only down is not gone around, and a cluster without Calico is no case for it", async () => {
  await withCalico(async (calico) => {
    const [down = ""] = await go(calico, peers([201]), { kubectl: [STORED_ONLY, API_DOWN] });
    assert.match(down, "does not know kind");
    const [none = ""] = await go(calico, peers([201]), { kubectl: [{ ...STORED_ONLY, stdout: `${CORE[0]}\n` }, NO_API] });
    assert.match(none, "does not know kind");
    const served = [resources("projectcalico.org/v3"), { ...NO_API, when: "^get " }];
    const { session, close } = opened(calico, { kubectl: served });
    assert.ok((await session.connection().reader.list("bgppeers.projectcalico.org")).ok);
    close();
    assert.equal(calico.calls(), []);
  });
});

test.run();
