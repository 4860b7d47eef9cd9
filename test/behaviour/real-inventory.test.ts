import { generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseDocument } from "yaml";
import { packageRoot } from "../../runner/package-root.ts";
import { mainPlaybook, workplace } from "../support/command.ts";

/**
 * An inventory that does not say `lab: true`, whose addresses happen to be those of a running lab: the way a real fabric is spoken to, with
 * strict host keys, a CA file, secrets from the environment and signed requests instead of a login.
 */
const test = suite("real inventory");
const place = workplace();
test.after(() => place.remove());

const secrets = { BGP_PASSWORD: "a-password-for-bgp", SUDO_PASSWORD: "a-password-for-sudo" };
const keyFile = path.join(place.directory, "apic.key");
writeFileSync(
  keyFile,
  generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  }).privateKey,
  { mode: 0o600 },
);

/** The example inventory with signed requests, and with more variables on top. */
function inventory(name: string, settings: readonly (readonly [keys: readonly string[], value: unknown])[]): string {
  const document = parseDocument(readFileSync(path.join(packageRoot, "inventory", "example.yaml"), "utf8"));
  document.deleteIn(["all", "vars", "fabric", "password"]);
  document.deleteIn(["all", "vars", "fabric", "ca_file"]);
  const all: readonly (readonly [readonly string[], unknown])[] = [
    [["all", "vars", "fabric", "certificate"], "underlay"],
    [["all", "vars", "fabric", "private_key"], `{{ file('${keyFile}') }}`],
    [["all", "children", "nodes", "vars", "ansible_become_password"], "{{ env('SUDO_PASSWORD') }}"],
    ...settings,
  ];
  for (const [keys, value] of all) document.setIn(keys, value);
  const file = path.join(place.directory, name);
  writeFileSync(file, document.toString());
  return file;
}

test("refused without --yes, then carried out, then nothing left to do", async () => {
  const rehearsed = inventory("rehearsed.yaml", [[["all", "vars", "lab"], true]]);
  const lab = await place.labUp(["-i", rehearsed], secrets);
  try {
    const { endpoints } = lab;
    const real = inventory("real.yaml", [
      ...Object.entries(endpoints.apics).flatMap(([name, port]) => [
        [["all", "children", "apics", "hosts", name, "ansible_host"], endpoints.address] as const,
        [["all", "children", "apics", "hosts", name, "ansible_port"], port] as const,
      ]),
      ...Object.entries(endpoints.nodes).flatMap(([name, port]) => [
        [["all", "children", "nodes", "hosts", name, "ansible_host"], endpoints.address] as const,
        [["all", "children", "nodes", "hosts", name, "ansible_port"], port] as const,
      ]),
      [["all", "children", "nodes", "vars", "ansible_ssh_private_key_file"], endpoints.sshKeyFile],
      [["all", "children", "nodes", "vars", "ansible_ssh_known_hosts_file"], endpoints.knownHostsFile],
      [["all", "vars", "fabric", "ca_file"], endpoints.caFile],
      [["all", "vars", "cluster", "kubeconfig"], endpoints.kubeconfig],
      [["all", "vars", "cluster", "kubectl"], endpoints.kubectl],
      [["all", "vars", "cluster", "helm"], endpoints.helm],
      [["all", "vars", "cni", "repository"], endpoints.chartRepository],
    ]);
    const run = (...args: string[]) =>
      place.underlay(["run", mainPlaybook, "-i", real, "--output", "json", "-v", ...args], secrets);

    const refused = await run();
    assert.is(refused.code, 4);
    assert.match(refused.stderr, "--yes");
    assert.equal(refused.events, [], "nothing was started");

    const first = await run("--yes");
    assert.is(first.code, 0, first.stdout.slice(-3000) + first.stderr);
    const requests = first.events.find((event) => event.event === "requests" && event.connection === "apic");
    assert.not.match(JSON.stringify(requests), "login");

    const again = await run("--check", "--exit-code");
    assert.is(again.code, 0, again.stdout.slice(-3000));
    assert.is(again.events.at(-1)?.changes, 0);

    const verify = path.join(packageRoot, "playbooks", "day2", "verify.yaml");
    const looked = await place.underlay(["run", verify, "-i", real, "--output", "json"], secrets);
    assert.is(looked.code, 0, "what only looks asks nobody");
  } finally {
    await lab.stop();
  }
});

test.run();
