import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Bench, closeBenches, mo, spec, startBench } from "./simulator.ts";

const test = suite<{ bench: Bench; key: KeyObject }>("signatures");

async function certificate(privateKey: KeyObject, publicKey: KeyObject): Promise<string> {
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const { subtle } = globalThis.crypto;
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name: "CN=underlay",
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    signingAlgorithm: algorithm,
    keys: {
      privateKey: await subtle.importKey("pkcs8", privateKey.export({ type: "pkcs8", format: "der" }), algorithm, true, ["sign"]),
      publicKey: await subtle.importKey("spki", publicKey.export({ type: "spki", format: "der" }), algorithm, true, ["verify"]),
    },
  });
  return made.toString("pem");
}

test.before(async (context) => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = await certificate(privateKey, publicKey);
  context.key = privateKey;
  context.bench = await startBench({ login: false, spec: { ...spec, certificate: { name: "underlay.crt", pem } } });
});
test.after(closeBenches);

function cookies(key: KeyObject, text: string, change: Record<string, string> = {}): string {
  const parts: Record<string, string> = {
    "APIC-Request-Signature": sign("RSA-SHA256", Buffer.from(text), key).toString("base64"),
    "APIC-Certificate-Algorithm": "v1.0",
    "APIC-Certificate-Fingerprint": "fingerprint",
    "APIC-Certificate-DN": "uni/userext/user-admin/usercert-underlay.crt",
    ...change,
  };
  return Object.entries(parts)
    .map(([name, value]) => `${name}=${value}`)
    .join("; ");
}

test("GET, POST and DELETE are signed over method, path with query, and body", async ({ bench, key }) => {
  const dn = "/api/mo/uni/tn-k8s/ctx-signed.json";
  const body = JSON.stringify(mo("fvCtx", { name: "signed" }));
  const calls: readonly (readonly [string, string, string])[] = [
    ["POST", "/api/mo/uni/tn-k8s.json?rsp-subtree=modified", body],
    ["GET", `${dn}?rsp-prop-include=config-only`, ""],
    ["DELETE", dn, ""],
  ];
  for (const [method, url, text] of calls) {
    const cookie = cookies(key, `${method}${url}${text}`);
    const answer = await bench.send(method, url, text === "" ? undefined : text, { cookie });
    assert.is(answer.status, 200, `${method} ${answer.error.text}`);
  }
});

test("a DN in brackets verifies as sent and un-encoded", async ({ bench, key }) => {
  const url = "/api/mo/uni/infra/vlanns-%5Bphys%5D-static.json";
  for (const signed of [url, decodeURIComponent(url)]) {
    assert.is((await bench.send("GET", url, undefined, { cookie: cookies(key, `GET${signed}`) })).totalCount, "1");
  }
});

test("anything else that was signed, another key, or another certificate is refused", async ({ bench, key }) => {
  const url = "/api/mo/uni.json";
  const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const wrong: Readonly<Record<string, string>> = {
    "another method": cookies(key, `DELETE${url}`),
    "another path": cookies(key, "GET/api/mo/uni/tn-k8s.json"),
    "another key": cookies(stranger, `GET${url}`),
    "another algorithm": cookies(key, `GET${url}`, { "APIC-Certificate-Algorithm": "v2.0" }),
    "another fingerprint": cookies(key, `GET${url}`, { "APIC-Certificate-Fingerprint": "AA:BB" }),
    "another certificate": cookies(key, `GET${url}`, { "APIC-Certificate-DN": "uni/userext/user-admin/usercert-none" }),
    "no signature": cookies(key, `GET${url}`, { "APIC-Request-Signature": "" }),
  };
  for (const [what, cookie] of Object.entries(wrong)) {
    const answer = await bench.send("GET", url, undefined, { cookie });
    assert.is(answer.status, 403, what);
    assert.match(answer.error.text, /^Need a valid webtoken cookie/);
  }
});

test("a body that was changed on the way is refused", async ({ bench, key }) => {
  const url = "/api/mo/uni/tn-k8s.json";
  const cookie = cookies(key, `POST${url}${JSON.stringify(mo("fvCtx", { name: "a" }))}`);
  assert.is((await bench.send("POST", url, mo("fvCtx", { name: "b" }), { cookie })).status, 403);
});

test("a signed request can get a token", async ({ bench, key }) => {
  const url = "/api/webtokenSession.json";
  const answer = await bench.send("GET", url, undefined, { cookie: cookies(key, `GET${url}`) });
  const cookie = `APIC-cookie=${answer.objects[0]?.attributes.token}`;
  assert.is((await bench.send("GET", "/api/mo/uni.json", undefined, { cookie })).status, 200);
});

test.run();
