import { writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { findPrograms } from "../../lab/programs.ts";
import { writeKubeconfig } from "../connect/kube/kubeconfig.ts";
import { startTestCluster, type TestCluster } from "../lab/kube/start.ts";
import { workplace } from "../support/command.ts";
import { runs, start } from "../support/started.ts";
import { type SlowKubectl, slowKubectl } from "./slow-kubectl.ts";

/**
 * Ctrl-C as a terminal sends it, to the whole foreground process group, while the real kubectl is about to write to a cluster: once the write is
 * finished, twice it is ended at once.
 */
const test = suite("interrupted while writing");
const place = workplace();
let cluster: TestCluster;
let kubectl: string;
test.before(async () => {
  cluster = await startTestCluster();
  ({ kubectl } = await findPrograms());
});
test.after(async () => {
  place.remove();
  await cluster.close();
});

const playbook = (name: string) => `
- name: Write
  hosts: localhost
  tasks:
    - name: Settings
      k8s.manifest:
        definition: { apiVersion: v1, kind: ConfigMap, metadata: { name: ${name}, namespace: default }, data: { colour: blue } }
    - name: Nothing more
      debug: { msg: never }
`;

/** Starts a run that writes a ConfigMap with a slow kubectl, and waits until the write has begun. */
async function writing(name: string, options: { readonly seconds: number; readonly stubborn?: boolean }) {
  const slow: SlowKubectl = slowKubectl(place.directory, { kubectl, ...options });
  const inventory = {
    all: { vars: { cluster: { kubeconfig: writeKubeconfig(cluster), kubectl: slow.file } }, hosts: { localhost: null } },
  };
  writeFileSync(path.join(place.directory, "hosts.yaml"), JSON.stringify(inventory));
  writeFileSync(path.join(place.directory, "site.yaml"), playbook(name));
  const run = start(["run", "site.yaml", "-i", "hosts.yaml", "--yes", "--output", "plain"], place.directory);
  await run.says(`configmap default/${name}`);
  while (slow.pids().length === 0) await sleep(10);
  return { run, slow };
}

const isThere = async (name: string) => (await cluster.kubectl(["get", "configmap", name, "-n", "default"])).exitCode === 0;

test("once: the write is finished, nothing more is begun", async () => {
  const { run, slow } = await writing("once", { seconds: 2 });
  run.signal("SIGINT");
  assert.is(await run.ended(), 130, run.output());
  assert.equal(
    slow.log().filter((line) => !line.startsWith("begun")),
    ["wrote"],
    "kubectl has not seen the signal",
  );
  assert.ok(await isThere("once"));
  assert.match(run.output(), "running tasks are finished first");
  assert.match(run.output(), "changed localhost");
  assert.match(run.output(), "underlay resume");
  assert.not.match(run.output(), "never");
});

test("twice: ended at once, kubectl too, with what was being written and how to go on", async () => {
  const { run, slow } = await writing("twice", { seconds: 600 });
  run.signal("SIGINT");
  await run.says("running tasks are finished first");
  const since = performance.now();
  run.signal("SIGINT");
  assert.is(await run.ended(), 130, run.output());
  assert.ok(performance.now() - since < 5000, "at once");
  assert.ok(slow.log().includes("told TERM"), slow.log().join());
  while (slow.pids().some(runs)) await sleep(20);
  assert.not.ok(await isThere("twice"));
  const last = run.output().trim().split("\n").at(-1) ?? "";
  assert.match(last, 'ended at once: "Settings" was running on localhost; it was writing configmap default/twice');
  assert.match(last, /to go on: underlay resume \d{8}-\d{6}-[0-9a-f]{4}$/);
  const shown = await place.underlay(["runs", "show"]);
  assert.match(shown.stdout, "interrupted");
  assert.match(shown.stdout, "1 change begun and not known to be made");
  assert.match(shown.stdout, 'stopped in play "Write", task "Settings", which was running on localhost');

  slowKubectl(place.directory, { kubectl, seconds: 0 });
  const again = await place.underlay(["resume", "--yes"]);
  assert.is(again.code, 0, again.stdout + again.stderr);
  assert.ok(await isThere("twice"));
});

test("twice, with a kubectl that does not heed SIGTERM: killed", async () => {
  const { run, slow } = await writing("stubborn", { seconds: 600, stubborn: true });
  run.signal("SIGINT");
  await run.says("running tasks are finished first");
  run.signal("SIGINT");
  assert.is(await run.ended(), 130, run.output());
  while (slow.pids().some(runs)) await sleep(20);
  assert.not.ok(await isThere("stubborn"));
});

test("a terminal that goes away, or a service manager, is a first Ctrl-C", async () => {
  for (const signal of ["SIGHUP", "SIGTERM"] as const) {
    const name = signal.toLowerCase();
    const { run } = await writing(name, { seconds: 1 });
    run.signal(signal);
    assert.is(await run.ended(), 130, run.output());
    assert.ok(await isThere(name), signal);
  }
});

test.run();
