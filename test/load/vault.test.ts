import { createCipheriv, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import path from "node:path";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { load } from "../../runner/load/load.ts";
import { hostVariables } from "../../runner/load/overlay.ts";
import { decryptVault } from "../../runner/load/vault.ts";
import { testRegistry } from "./registry.ts";
import { withFiles } from "./temporary.ts";

/** Encrypts as `ansible-vault encrypt_string` does. */
function encrypt(text: string, password: string, header = "$ANSIBLE_VAULT;1.1;AES256"): string {
  const salt = randomBytes(32);
  const keys = pbkdf2Sync(password, salt, 10_000, 80, "sha256");
  const plain = Buffer.from(text);
  const padding = 16 - (plain.length % 16);
  const cipher = createCipheriv("aes-256-ctr", keys.subarray(0, 32), keys.subarray(64, 80));
  const body = Buffer.concat([cipher.update(Buffer.concat([plain, Buffer.alloc(padding, padding)])), cipher.final()]);
  const signature = createHmac("sha256", keys.subarray(32, 64)).update(body).digest("hex");
  const hex = Buffer.from([salt.toString("hex"), signature, body.toString("hex")].join("\n")).toString("hex");
  return [header, ...(hex.match(/.{1,80}/g) ?? [])].join("\n");
}

const test = suite("Ansible Vault");

test("property: any text comes back, with its password only", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), fc.string({ minLength: 1 }), (text, password) => {
      const vault = encrypt(text, password);
      assert.equal(decryptVault(vault, password), { ok: true, text });
      const other = decryptVault(vault, `${password}x`);
      assert.is(other.ok === false && other.rule, "vault-wrong-password");
    }),
    { numRuns: 20 },
  );
});

test("format 1.2 with a vault id", () => {
  const vault = encrypt("x", "p", "$ANSIBLE_VAULT;1.2;AES256;lab");
  assert.equal(decryptVault(`${vault}\n`, "p"), { ok: true, text: "x" });
  assert.is(decryptVault(vault.replace("1.2", "1.0"), "p").ok, false);
});

test("a value and a whole file, with the password file of the option or the environment", async () => {
  const indented = encrypt("canary-apic", "pw").replace(/^/gm, "          ");
  const files = {
    "pw.txt": "pw\n",
    "playbook.yaml": "- hosts: apics\n  tasks:\n    - test.vlan: { tenant: k8s, vlan: 1, password: '{{ bgp.password }}' }\n",
    "hosts.yaml": `all:\n  vars:\n    fabric:\n      password: !vault |\n${indented}\n  children:\n    apics: { hosts: { apic1: {} } }\n`,
    "group_vars/all.yaml": encrypt("bgp: { password: canary-bgp, hold: 6 }\n", "pw"),
  };
  await withFiles(files, async (folder) => {
    const options = {
      playbook: path.join(folder, "playbook.yaml"),
      inventories: [path.join(folder, "hosts.yaml")],
      limit: undefined,
      tags: [],
      skipTags: [],
      extraVars: [],
      lab: false,
      registry: testRegistry,
    };
    const result = await load({ ...options, vaultPasswordFile: path.join(folder, "pw.txt") });
    if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
    const variables = hostVariables(result.value, "apic1");
    if (variables.kind !== "value") throw new Error(JSON.stringify(variables));
    assert.is(variables.value.fabric?.password?.reveal(), "canary-apic");
    assert.is(variables.value.bgp?.password?.reveal(), "canary-bgp");
    assert.is(variables.value.bgp?.hold, 6);
    assert.equal([...result.value.secrets].map((secret) => secret.reveal()).sort(), ["canary-apic", "canary-bgp"]);
    process.env.ANSIBLE_VAULT_PASSWORD_FILE = path.join(folder, "pw.txt");
    const again = await load(options);
    delete process.env.ANSIBLE_VAULT_PASSWORD_FILE;
    assert.ok(again.ok);
    const without = await load(options);
    assert.equal(without.ok ? [] : without.diagnostics.map(({ rule }) => rule), ["vault-no-password", "vault-no-password"]);
  });
});

test.run();
