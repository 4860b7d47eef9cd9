import { suite } from "uvu";
import * as assert from "uvu/assert";
import { textAt } from "../../../lab/bgp/kube-read.ts";
import type { PodOutput, PodProgram } from "../../../lab/parts.ts";
import { startTestCluster, type TestCluster } from "./start.ts";

const test = suite("kubectl exec against the lab's API");
let lab: TestCluster;
const asked: PodProgram[] = [];

const outputs: Readonly<Record<string, PodOutput>> = {
  both: { stdout: "to stdout\n", stderr: "to stderr\n", exitCode: 0 },
  fails: { stdout: "", stderr: "no such peer\n", exitCode: 3 },
  long: { stdout: "x".repeat(200_000), stderr: "", exitCode: 0 },
};

const pod = (labels: Readonly<Record<string, string>>, containers: readonly string[], hostNetwork = true) => ({
  metadata: { labels },
  spec: { hostNetwork, containers: containers.map((name) => ({ name, image: `registry.test/${name}:v1` })) },
});

test.before(async () => {
  lab = await startTestCluster({
    exec: (program) => {
      asked.push(program);
      return outputs[program.command[0] ?? ""] ?? { stdout: "", stderr: "", exitCode: 127 };
    },
  });
  const set = (name: string, containers: readonly string[], hostNetwork: boolean) => ({
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name, namespace: "default" },
    spec: { selector: { matchLabels: { app: name } }, template: pod({ app: name }, containers, hostNetwork) },
  });
  await lab.kubectl(
    ["apply", "--server-side", "-f", "-"],
    [set("router", ["router", "helper"], true), set("waiting", ["main"], false)],
  );
});
test.after(() => lab.close());

async function podOf(app: string): Promise<string> {
  const path = "jsonpath={.items[0].metadata.name}";
  return (await lab.kubectl(["get", "pods", "-l", `app=${app}`, "-o", path])).stdout;
}

test("both outputs arrive, and the program gets its words as they are", async () => {
  const name = await podOf("router");
  const done = await lab.kubectl(["exec", name, "-c", "helper", "--", "both", "a b", "--json", "&&"]);
  assert.equal([done.exitCode, done.stdout, done.stderr], [0, "to stdout", "to stderr"]);
  const [program] = asked.slice(-1);
  const found = lab.cluster.list("Pod").find((entry) => entry.metadata.name === name);
  assert.equal(program, {
    namespace: "default",
    pod: name,
    container: "helper",
    node: textAt(found, "spec", "nodeName"),
    labels: found?.metadata.labels,
    command: ["both", "a b", "--json", "&&"],
  });
});

test("the exit status comes back", async () => {
  const failed = await lab.kubectl(["exec", await podOf("router"), "-c", "router", "--", "fails"]);
  assert.is(failed.exitCode, 3);
  assert.match(failed.stderr, "no such peer");
  assert.match(failed.stderr, "command terminated with exit code 3");
});

test("a long output arrives whole", async () => {
  const done = await lab.kubectl(["exec", "ds/router", "-c", "router", "--", "long"]);
  assert.is(done.stdout.length, 200_000);
});

test("pods and containers that are not there are refused in the API server's words", async () => {
  const name = await podOf("router");
  const nobody = await lab.kubectl(["exec", "nobody", "--", "both"]);
  assert.is(nobody.exitCode, 1);
  assert.match(nobody.stderr, 'pods "nobody" not found');
  const waiting = await lab.kubectl(["exec", await podOf("waiting"), "--", "both"]);
  assert.is(waiting.exitCode, 1);
  assert.match(waiting.stderr, 'container not found ("main")');
  const path = `/api/v1/namespaces/default/pods/${name}/exec?command=both&stdout=true`;
  assert.match(
    await upgraded(path),
    new RegExp(`a container name must be specified for pod ${name}, choose one of: \\[router helper\\]`),
  );
  assert.match(await upgraded(`${path}&container=other`), `container other is not valid for pod ${name}`);
  assert.match(await upgraded(`${path}&container=router`, "wrong"), "Unauthorized");
});

test("a plain GET is told to upgrade", async () => {
  const { status, body } = await lab.get(`/api/v1/namespaces/default/pods/${await podOf("router")}/exec?command=both`);
  assert.is(status, 400);
  assert.match(JSON.stringify(body), "Upgrade request required");
});

/** The refusal of a request to switch to WebSocket, as text. */
async function upgraded(path: string, token?: string): Promise<string> {
  const headers = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    "sec-websocket-protocol": "v5.channel.k8s.io",
  };
  return JSON.stringify((await lab.get(path, token, headers)).body);
}

test.run();
