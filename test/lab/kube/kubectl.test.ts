import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parsed, startTestCluster, type TestCluster } from "./start.ts";

const test = suite("kubectl against the lab's API");
let lab: TestCluster;

test.before(async () => {
  lab = await startTestCluster();
});
test.after(() => lab.close());

const APPLY = ["apply", "--server-side", "--field-manager=underlay", "-f", "-"];
const map = (data: Readonly<Record<string, string>>, name = "settings", namespace = "default") => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace },
  data,
});

async function data(name = "settings"): Promise<unknown> {
  const found = await lab.kubectl(["get", "configmap", name, "-o", "jsonpath={.data}"]);
  return JSON.parse(found.stdout);
}

test("apply creates, applies again without a write, changes and removes fields", async () => {
  const first = await lab.kubectl([...APPLY, "-o", "json"], map({ a: "1", b: "2" }));
  assert.is(first.exitCode, 0, first.stderr);
  const again = await lab.kubectl([...APPLY, "-o", "json"], map({ a: "1", b: "2" }));
  assert.equal(parsed(again), parsed(first));
  assert.is((await lab.kubectl(APPLY, map({ a: "3" }))).exitCode, 0);
  assert.equal(await data(), { a: "3" });
});

test("a conflict names manager and field; force takes over", async () => {
  await lab.kubectl(["patch", "configmap", "settings", "--type=merge", "--field-manager=hand", "-p", '{"data":{"a":"4"}}']);
  const refused = await lab.kubectl(APPLY, map({ a: "5" }));
  assert.is(refused.exitCode, 1);
  assert.match(refused.stderr, 'Apply failed with 1 conflict: conflict with "hand" using v1: .data.a');
  assert.equal(await data(), { a: "4" });
  assert.is((await lab.kubectl([...APPLY, "--force-conflicts"], map({ a: "5" }))).exitCode, 0);
  assert.equal(await data(), { a: "5" });
});

test("two conflicts are listed by manager", async () => {
  await lab.kubectl(["apply", "--server-side", "--field-manager=one", "-f", "-"], map({ a: "1", b: "1" }, "two"));
  const refused = await lab.kubectl(APPLY, map({ a: "2", b: "2" }, "two"));
  assert.match(refused.stderr, /Apply failed with 2 conflicts: conflicts with "one":\n- \.data\.a\n- \.data\.b/);
});

test("diff tells changes by its exit code and writes nothing", async () => {
  const diff = ["diff", "--server-side", "--field-manager=underlay", "-f", "-"];
  assert.is((await lab.kubectl(diff, map({ a: "5" }))).exitCode, 0);
  const changed = await lab.kubectl(diff, map({ a: "6" }));
  assert.is(changed.exitCode, 1);
  assert.match(changed.stdout, /-\s+a: "5"\n\+\s+a: "6"/);
  assert.equal(await data(), { a: "5" });
});

test("a dry run answers what would be and stores nothing", async () => {
  const version = async () =>
    (await lab.kubectl(["get", "cm", "-A", "-o", "jsonpath={.items[*].metadata.resourceVersion}"])).stdout;
  const before = await version();
  const dry = [...APPLY, "--dry-run=server", "-o", "json"];
  assert.match((await lab.kubectl(dry, [map({ a: "7" }), map({ z: "1" }, "new")])).stdout, '"z": "1"');
  assert.is((await lab.kubectl(["delete", "cm", "settings", "--dry-run=server"])).exitCode, 0);
  assert.is((await lab.kubectl(["create", "cm", "made", "--from-literal=a=b", "--dry-run=server"])).exitCode, 0);
  assert.is(await version(), before);
});

test("a namespace that is not there is a 404, in a dry run too", async () => {
  const refused = await lab.kubectl([...APPLY, "--dry-run=server"], map({}, "x", "nowhere"));
  assert.is(refused.exitCode, 1);
  assert.match(refused.stderr, 'namespaces "nowhere" not found');
});

test("labels: set, refuse to overwrite, remove, select, refuse a bad value", async () => {
  assert.is((await lab.kubectl(["label", "node", "worker-1", "rack_id=1"])).exitCode, 0);
  assert.match((await lab.kubectl(["label", "node", "worker-1", "rack_id=2"])).stderr, "already has a value");
  assert.is((await lab.kubectl(["get", "nodes", "-l", "rack_id in (1)", "-o", "name"])).stdout, "node/worker-1");
  assert.is((await lab.kubectl(["label", "node", "worker-1", "rack_id-"])).exitCode, 0);
  assert.is((await lab.kubectl(["get", "nodes", "-l", "rack_id", "-o", "name"])).stdout, "");
  const bad = { apiVersion: "v1", kind: "Node", metadata: { name: "worker-1", labels: { rack_id: "a b" } } };
  assert.match((await lab.kubectl(APPLY, bad)).stderr, /metadata\.labels: Invalid value: "a b"/);
});

test("node labels by server-side apply, with a conflict against a hand-made one", async () => {
  const labelled = (rack: string) => ({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "worker-2", labels: { rack_id: rack } },
  });
  await lab.kubectl(["label", "node", "worker-2", "rack_id=1"]);
  const refused = await lab.kubectl(APPLY, labelled("2"));
  assert.match(refused.stderr, 'conflict with "kubectl-label" using v1: .metadata.labels.rack_id');
  assert.is((await lab.kubectl([...APPLY, "--force-conflicts"], labelled("2"))).exitCode, 0);
  const node = await lab.kubectl([
    "get",
    "node",
    "worker-2",
    "-o",
    "jsonpath={.metadata.labels.rack_id} {.status.addresses[0].address}",
  ]);
  assert.is(node.stdout, "2 192.168.2.6");
});

test("annotate and the three kinds of patch", async () => {
  assert.is((await lab.kubectl(["annotate", "cm", "settings", "note=x"])).exitCode, 0);
  const json = '[{"op":"test","path":"/data/a","value":"5"},{"op":"add","path":"/data/c","value":"9"}]';
  assert.is((await lab.kubectl(["patch", "cm", "settings", "--type=json", "-p", json])).exitCode, 0);
  assert.is((await lab.kubectl(["patch", "cm", "settings", "--type=strategic", "-p", '{"data":{"c":null}}'])).exitCode, 0);
  assert.equal(await data(), { a: "5" });
  const failed = await lab.kubectl([
    "patch",
    "cm",
    "settings",
    "--type=json",
    "-p",
    '[{"op":"test","path":"/data/a","value":"0"}]',
  ]);
  assert.match(failed.stderr, "testing value /data/a failed");
});

test("a PUT on an older version is refused", async () => {
  const old = await lab.kubectl(["get", "cm", "settings", "-o", "json"]);
  await lab.kubectl(["annotate", "cm", "settings", "other=y"]);
  const refused = await lab.kubectl(["replace", "-f", "-"], old.stdout);
  assert.match(refused.stderr, "the object has been modified");
});

test("get of absent and present objects of many kinds at once", async () => {
  const references = [map({}, "absent"), map({}), { apiVersion: "v1", kind: "Node", metadata: { name: "master-1" } }];
  const found = await lab.kubectl(["get", "-f", "-", "-o", "json", "--ignore-not-found"], references);
  assert.is(found.exitCode, 0, found.stderr);
  assert.match(found.stdout, '"name": "master-1"');
  assert.not.match(found.stdout, '"name": "absent"');
});

test("drain evicts, cordon keeps new pods away, deletion waits", async () => {
  const labels = { app: "web" };
  const web = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "default" },
    spec: {
      replicas: 3,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          // No CNI here, so nodes are tainted.
          tolerations: [{ operator: "Exists" }],
          containers: [{ name: "web", image: "web:1" }],
        },
      },
    },
  };
  assert.is((await lab.kubectl(APPLY, web)).exitCode, 0);
  assert.is((await lab.kubectl(["rollout", "status", "deployment/web", "--timeout=45s"])).exitCode, 0);
  assert.is((await lab.kubectl(["drain", "worker-1", "--ignore-daemonsets", "--timeout=45s"])).exitCode, 0);
  const on = await lab.kubectl(["get", "pods", "-o", "jsonpath={.items[*].spec.nodeName}"]);
  assert.not.match(on.stdout, "worker-1");
  assert.is(on.stdout.split(" ").length, 3);
  assert.is((await lab.kubectl(["uncordon", "worker-1"])).exitCode, 0);
  await lab.kubectl(["patch", "deployment", "web", "-p", '{"spec":{"replicas":1}}']);
  await lab.kubectl(["set", "image", "deployment/web", "web=web:2"]);
  const images = await lab.kubectl(["get", "pods", "-o", "jsonpath={.items[*].spec.containers[0].image}"]);
  assert.is(images.stdout, "web:2");
  assert.is((await lab.kubectl(["delete", "deployment", "web", "--wait=true", "--timeout=45s"])).exitCode, 0);
  assert.is((await lab.kubectl(["wait", "--for=delete", "pods", "-l", "app=web", "--timeout=45s"])).exitCode, 0);
});

test("deleting a namespace takes along what is in it", async () => {
  await lab.kubectl(["create", "namespace", "short"]);
  await lab.kubectl(APPLY, map({ a: "1" }, "inside", "short"));
  assert.is((await lab.kubectl(["delete", "namespace", "short", "--timeout=45s"])).exitCode, 0);
  assert.match((await lab.kubectl(["get", "cm", "inside", "-n", "short"])).stderr, "not found");
});

test("secrets come by protobuf and from stringData", async () => {
  assert.is((await lab.kubectl(["create", "secret", "generic", "typed", "--from-literal=key=value"])).exitCode, 0);
  const decoded = ["-o", "go-template={{.data.key | base64decode}}"];
  assert.is((await lab.kubectl(["get", "secret", "typed", ...decoded])).stdout, "value");
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "plain", namespace: "default" },
    stringData: { key: "words" },
  };
  assert.is((await lab.kubectl(APPLY, secret)).exitCode, 0);
  assert.is((await lab.kubectl(["get", "secret", "plain", ...decoded])).stdout, "words");
  assert.is((await lab.kubectl(["create", "role", "reader", "--verb=get", "--resource=secrets"])).exitCode, 0);
});

test("auth can-i, version, explain", async () => {
  assert.is((await lab.kubectl(["auth", "can-i", "create", "deployments"])).stdout, "yes");
  assert.match((await lab.kubectl(["version"])).stdout, "Server Version: v1.35.2");
});

test("watch tells changes as they happen", async () => {
  const seen = lab.kubectl(["wait", "--for=jsonpath={.data.done}=yes", "cm/settings", "--timeout=45s"]);
  await lab.kubectl(["patch", "cm", "settings", "--type=merge", "-p", '{"data":{"done":"yes"}}']);
  assert.is((await seen).exitCode, 0);
});

test.run();
