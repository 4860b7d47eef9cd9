import { suite } from "uvu";
import * as assert from "uvu/assert";
import { at, textAt } from "../../../lab/bgp/kube-read.ts";
import { apply, conditionOf, fiveNodes, podsOf, workload } from "./day2.ts";
import { startTestCluster, type TestCluster, until } from "./start.ts";

const test = suite("rollouts of DaemonSets");
let lab: TestCluster;

test.before.each(async () => {
  lab = await startTestCluster({ spec: fiveNodes });
});
test.after.each(() => lab.close());

const agent = (image: string, strategy?: unknown) => {
  const made = workload("DaemonSet", "agent", 0, {
    tolerations: [{ operator: "Exists" }],
    containers: [{ name: "main", image }],
  });
  return { ...made, spec: Object.assign({ ...made.spec }, strategy === undefined ? {} : { updateStrategy: strategy }) };
};
const rolling = (maxUnavailable: unknown) => ({ type: "RollingUpdate", rollingUpdate: { maxUnavailable } });
const status = (field: string) => at(lab.cluster.list("DaemonSet")[0], "status", field);

/** Applies a second template and gives the most pods that were not ready at once until all are new. */
async function mostMissing(strategy: unknown): Promise<number> {
  await apply(lab, agent("agent:1", strategy));
  assert.is(status("numberReady"), 5, "the first ones come at once");
  const missing: number[] = [];
  const stop = lab.cluster.onChange(() =>
    missing.push(podsOf(lab, "agent").filter((pod) => conditionOf(pod, "Ready") !== "True").length),
  );
  await apply(lab, agent("agent:2", strategy));
  assert.is.not(status("updatedNumberScheduled"), 5);
  await until(() => status("updatedNumberScheduled") === 5 && status("numberReady") === 5);
  stop();
  return Math.max(...missing);
}

test("one pod at a time, unless the DaemonSet allows more", async () => {
  assert.is(await mostMissing(rolling(1)), 1);
  await lab.kubectl(["delete", "daemonset", "agent", "--timeout=45s"]);
  assert.is(await mostMissing(rolling("40%")), 2);
});

test("kubectl can watch it, and knows the revisions", async () => {
  await apply(lab, agent("agent:1"));
  await apply(lab, agent("agent:2"));
  const watched = await lab.kubectl(["rollout", "status", "daemonset/agent", "--timeout=45s"]);
  assert.match(watched.stdout, /Waiting for daemon set "agent" rollout to finish: \d out of 5 new pods have been updated/);
  assert.match(watched.stdout, 'daemon set "agent" successfully rolled out');
  const history = await lab.kubectl(["rollout", "history", "daemonset/agent"]);
  assert.match(history.stdout, /^1\s.*\n2\s/m);
  assert.is((await lab.kubectl(["rollout", "undo", "daemonset/agent"])).exitCode, 0);
  await until(() => podsOf(lab, "agent").every((pod) => JSON.stringify(pod).includes("agent:1")) && status("numberReady") === 5);
  assert.is(at(lab.cluster.list("DaemonSet")[0], "metadata", "generation"), status("observedGeneration"));
});

test("OnDelete: a pod is new when somebody has deleted the old one", async () => {
  const strategy = { type: "OnDelete" };
  await apply(lab, agent("agent:1", strategy));
  await apply(lab, agent("agent:2", strategy));
  const isNew = () => podsOf(lab, "agent").filter((pod) => JSON.stringify(pod.spec).includes("agent:2"));
  assert.equal(isNew(), []);
  const [pod] = podsOf(lab, "agent");
  await lab.kubectl(["delete", "pod", pod?.metadata.name ?? "", "--timeout=45s"]);
  await until(() => isNew().length === 1);
  assert.is(textAt(isNew()[0], "spec", "nodeName"), textAt(pod, "spec", "nodeName"));
  assert.is(status("updatedNumberScheduled"), 1);
});

test.run();
