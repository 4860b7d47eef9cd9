import { writeFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { mainPlaybook, workplace } from "../support/command.ts";

/** What the command tells the shell, through the compiled command itself. */
const test = suite("exit codes");
const place = workplace();
test.after(() => place.remove());

const file = (name: string, text: string): string => {
  const where = path.join(place.directory, name);
  writeFileSync(where, text);
  return where;
};
const real = file("hosts.yaml", "all:\n  hosts:\n    localhost:\n");
const local = file(
  "local.yaml",
  `
- name: Local
  hosts: localhost
  tasks:
    - name: Say
      debug: { msg: hello }
    - name: Hold
      assert: { that: ["{{ holds }}"], fail_msg: it does not hold }
`,
);
const reachable = file("cluster.yaml", "all:\n  vars: { cluster: { kubeconfig: nowhere.conf } }\n  hosts:\n    localhost:\n");
const writes = file(
  "writes.yaml",
  `
- name: Write
  hosts: localhost
  tasks:
    - name: Settings
      k8s.manifest:
        definition: { apiVersion: v1, kind: ConfigMap, metadata: { name: settings, namespace: default }, data: { colour: blue } }
`,
);

const refused: Readonly<Record<string, readonly string[]>> = {
  "no verb": [],
  "an unknown verb": ["walk"],
  "an unknown flag": ["run", local, "--fast"],
  "no playbook": ["run"],
  "a playbook that is not there": ["run", "nowhere.yaml"],
  "forks below one": ["run", local, "--forks", "0"],
  "an unknown output": ["run", local, "--output", "xml"],
  "an unknown task type to doc": ["doc", "aci.l4out"],
  "a fault without the lab": ["run", local, "-i", real, "-e", "holds=true", "--yes", "--fault", "apic.503=1"],
};
for (const [what, args] of Object.entries(refused)) {
  test(`4: ${what}`, async () => {
    const { code, stdout, stderr } = await place.underlay(args);
    assert.is(code, 4, stderr);
    assert.is(stdout, "", "nothing was begun");
    assert.ok(stderr.length > 0, "it says why");
    assert.not.match(stderr, /^ +at .*\.js:/m, "no stack");
  });
}

test("4: a real inventory, a playbook that writes, no terminal to ask on and no --yes", async () => {
  const { code, stdout, stderr } = await place.underlay(["run", writes, "-i", reachable]);
  assert.is(code, 4);
  assert.is(stdout, "");
  assert.match(stderr, "--check");
  assert.match(stderr, "--yes");
});

test("0: a playbook that only looks asks nobody", async () => {
  const { code, stdout, stderr } = await place.underlay(["run", local, "-i", real, "-e", "holds=true"]);
  assert.is(code, 0, stderr);
  assert.match(stdout, "message localhost: hello");
});

test("0: done; check mode never asks", async () => {
  const done = await place.underlay(["run", local, "-i", real, "-e", "holds=true", "--yes"]);
  assert.is(done.code, 0, done.stderr + done.stdout);
  assert.match(done.stdout, "message localhost: hello");
  const checked = await place.underlay(["run", local, "-i", real, "-e", "holds=true", "--check"]);
  assert.is(checked.code, 0, checked.stderr);
});

test("2: a host failed, and it says what, where and what came back", async () => {
  const { code, events } = await place.underlay(["run", local, "-i", real, "-e", "holds=false", "--yes", "--output", "json"]);
  assert.is(code, 2);
  const failure = events.find((event) => event.event === "result" && event.status === "failed");
  assert.match(JSON.stringify(failure), "it does not hold");
  assert.equal(events.at(-1)?.event, "recap");
});

test("3: a host could not be reached", async () => {
  const nobody = file(
    "unreachable.yaml",
    "all:\n  children:\n    nodes:\n      hosts:\n        n1: { ansible_host: 127.0.0.1, ansible_port: 1, ansible_user: nobody, ansible_password: \"{{ env('HOME') }}\" }\n",
  );
  const network = file(
    "network.yaml",
    `
- name: Nodes
  hosts: nodes
  tasks:
    - name: Network
      node.network: { interfaces: [eno1], addresses: [192.168.2.1/24], gateways: [192.168.2.254] }
`,
  );
  const { code, stdout, stderr } = await place.underlay(["run", network, "-i", nobody, "--check"]);
  assert.is(code, 3, stdout + stderr);
});

test("5: only with --check --exit-code, when there are changes", async () => {
  const args = ["run", mainPlaybook, "--tags", "step-11", "--check"];
  assert.is((await place.underlay(args)).code, 0);
  assert.is((await place.underlay([...args, "--exit-code"])).code, 5);
});

test("0: --help and --version", async () => {
  assert.is((await place.underlay(["--help"])).code, 0);
  assert.is((await place.underlay(["run", "--help"])).code, 0);
  assert.match((await place.underlay(["--version"])).stdout, /^\d+\.\d+\.\d+/);
});

test.run();
