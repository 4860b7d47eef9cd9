import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { packageRoot } from "../../runner/package-root.ts";
import { mainPlaybook, type Outcome, workplace } from "../support/command.ts";

/** Canaries planted in every secret, looked for in every output of every verb and in every file left behind (issue Show 8). */
const test = suite("secrets");
const place = workplace();
test.after(() => place.remove());

const canaries: Readonly<Record<string, string>> = {
  APIC_PASSWORD: "Kanarie-apic-7Qx!9",
  BGP_PASSWORD: "Kanarie-bgp-4Zt#2",
  KEY_PASSPHRASE: "Kanarie-key-8Wv$5",
  SUDO_PASSWORD: "Kanarie-sudo-3Lm%6",
};

/** A canary as it is, in Base64, percent-encoded and as JSON escapes it. */
function forms(canary: string): string[] {
  return [
    canary,
    Buffer.from(canary).toString("base64").replace(/=+$/, ""),
    encodeURIComponent(canary),
    JSON.stringify(canary).slice(1, -1),
  ];
}

function assertClean(what: string, text: string, secrets: Iterable<string> = Object.values(canaries)): void {
  for (const canary of secrets)
    for (const form of forms(canary)) assert.not.ok(text.includes(form), `${what} shows a secret (${canary.slice(0, 11)}…)`);
}

const inventory = path.join(place.directory, "hosts.yaml");
writeFileSync(
  inventory,
  readFileSync(path.join(packageRoot, "inventory", "example.yaml"), "utf8")
    .replace(
      "ansible_become: true",
      `ansible_become: true\n        ansible_become_password: "{{ env('SUDO_PASSWORD') }}"\n        ansible_ssh_private_key_passphrase: "{{ env('KEY_PASSPHRASE') }}"`,
    )
    .replace(/ca_file: .*/, "validate_certs: true"),
);

const outcomes: [string, Outcome][] = [];
async function verb(...args: string[]): Promise<Outcome> {
  const outcome = await place.underlay(args, canaries);
  outcomes.push([args.join(" "), outcome]);
  assertClean(args.join(" "), outcome.stdout + outcome.stderr);
  return outcome;
}
const rehearse = (...args: string[]) => verb("run", mainPlaybook, "-i", inventory, "--lab", ...args);

test("a whole run, with -v and --debug, in every output format", async () => {
  const run = await rehearse("--output", "json", "-v", "--debug", "--diff");
  assert.is(run.code, 0, run.stdout.slice(-2000) + run.stderr);
  assert.match(run.stdout, "‹secret›");
  const check = await rehearse("--check", "--output", "plain", "-v", "--debug");
  assert.is(check.code, 0, check.stdout.slice(-2000) + check.stderr);
});

test("the other verbs", async () => {
  await verb("validate", mainPlaybook, "-i", inventory);
  for (const what of ["tasks", "hosts", "tags"]) await verb("list", what, mainPlaybook, "-i", inventory);
  const shown = await verb("inventory", "show", "worker-1", "-i", inventory);
  assert.match(shown.stdout, "‹secret›");
  await verb("inventory", "show", "apic1", "-i", inventory);
  await verb("inventory", "graph", "-i", inventory);
  await verb("lab", "status", "-i", inventory);
  await verb("doc", "aci.bgp_peer");
  await verb("runs", "list");
  await verb("runs", "show");
  await verb("runs", "show", "--output", "json");
  const given = await verb(
    "run",
    mainPlaybook,
    "-i",
    inventory,
    "--lab",
    "--tags",
    "step-11",
    "-e",
    `note=${canaries.BGP_PASSWORD}`,
  );
  assert.is(given.code, 0, given.stdout.slice(-2000) + given.stderr);
});

test("failures: a wrong argument, a refused login, a dropped connection, a refused API", async () => {
  assert.is((await verb("run", mainPlaybook, "-i", inventory, "--lab", "-e", "bgp={{ nowhere }}")).code, 4);
  const failing = [
    ["--tags", "fabric", "--fault", "apic.401=9"],
    ["--tags", "fabric", "--fault", "apic.down=apic1,apic2,apic3"],
    ["--tags", "cni", "--fault", "kube.401=999"],
    ["--tags", "nodes", "--fault", "node.down=worker-1"],
  ];
  for (const args of failing) {
    const outcome = await rehearse("--debug", "-v", ...args);
    assert.ok(
      outcome.code === 2 || outcome.code === 3,
      `${args.join(" ")}: exit ${outcome.code}\n${outcome.stdout.slice(-1500)}${outcome.stderr}`,
    );
  }
});

test("plain text for a secret on a real inventory is refused without showing it", async () => {
  const plain = path.join(place.directory, "plain.yaml");
  writeFileSync(
    plain,
    readFileSync(inventory, "utf8").replace(`"{{ env('BGP_PASSWORD') }}"`, JSON.stringify(canaries.BGP_PASSWORD)),
  );
  const outcome = await verb("validate", mainPlaybook, "-i", plain);
  assert.is(outcome.code, 4, outcome.stdout);
});

test("no file left behind holds one, nor the lab's Kubernetes token where it does not belong", () => {
  const folder = path.join(place.directory, ".underlay");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    statSync(path.join(folder, name)).isFile(),
  );
  assert.ok(
    files.some((name) => name.endsWith(".sealed")),
    "the lab has kept its state",
  );
  const journals = files.filter((name) => name.startsWith(`runs${path.sep}`));
  for (const file of ["run.json", "journal.jsonl"])
    assert.ok(
      journals.some((name) => path.basename(name) === file),
      `the runs have left a ${file}`,
    );
  for (const name of journals) assert.is(statSync(path.join(folder, name)).mode & 0o077, 0, `${name} is readable by others`);
  const token = readFileSync(path.join(folder, files.find((name) => path.basename(name) === "token") ?? ""), "utf8");
  for (const [what, outcome] of outcomes) assertClean(what, outcome.stdout + outcome.stderr, [token]);
  for (const name of files) {
    const text = readFileSync(path.join(folder, name), "latin1");
    assertClean(name, text);
    // The token's own file and the kubeconfig are where a client looks for it; both are 0600.
    if (text.includes(token)) assert.is(statSync(path.join(folder, name)).mode & 0o077, 0, `${name} is readable by others`);
    if (!["token", "kubeconfig"].includes(path.basename(name))) assert.not.ok(text.includes(token), `${name} holds the token`);
  }
});

test.run();
