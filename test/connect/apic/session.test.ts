import { createVerify, generateKeyPairSync } from "node:crypto";
import { inspect } from "node:util";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { controllerRing } from "../../../runner/connect/apic/ring.ts";
import { Secret } from "../../../runner/secret.ts";
import { impatient, sessionWith } from "../../support/apic-session.ts";
import { apicError, FAKE_PASSWORD, type FakeApic, startFakeApic } from "../../support/fake-apic.ts";

/** Logging in, controllers in turn, repeating, and what a failure says. */
const test = suite("apic session");
let fake: FakeApic;
let second: FakeApic;

test.before(async () => {
  fake = await startFakeApic();
  second = await startFakeApic();
});
test.before.each(() => {
  for (const one of [fake, second]) {
    one.tree.clear();
    one.tree.set("uni/tn-k8s", { className: "fvTenant", attributes: { dn: "uni/tn-k8s", name: "k8s" } });
    one.requests.length = 0;
    one.tokens.clear();
    one.lifetimes.refreshTimeoutSeconds = "600";
    one.lifetimes.maximumLifetimeSeconds = "86400";
    one.intercept = () => undefined;
  }
});
test.after(async () => {
  await fake.close();
  await second.close();
});

const HTML_503 = {
  status: 503,
  body: "<html><head><title>503 Service Temporarily Unavailable</title></head><body></body></html>",
};

function paths(one: FakeApic): string[] {
  return one.requests.map(({ method, path }) => `${method} ${path.split("?")[0]}`);
}

test("one login for many parallel requests, logout at the end", async () => {
  const session = sessionWith(fake);
  const { reader } = session.apic();
  const found = await Promise.all(Array.from({ length: 10 }, () => reader.object("uni/tn-k8s")));
  assert.ok(found.every((result) => result.ok && result.value?.attributes.name === "k8s"));
  assert.equal(session.counts(), { login: 1, GET: 10 });
  await session.close();
  assert.equal(session.counts(), { login: 1, GET: 10, logout: 1 });
  assert.is(paths(fake).at(-1), "POST /api/aaaLogout.json");
});

test("nothing is sent by a session that reads nothing", async () => {
  const session = sessionWith(fake);
  await session.close();
  assert.equal(fake.requests, []);
});

test("an object that does not exist is undefined, not a failure", async () => {
  const session = sessionWith(fake);
  assert.equal(await session.apic().reader.object("uni/tn-nobody"), { ok: true, value: undefined });
  await session.close();
});

test("an expired session is renewed once for all requests that were refused", async () => {
  const session = sessionWith(fake);
  const { reader } = session.apic();
  await reader.object("uni/tn-k8s");
  fake.tokens.clear();
  const found = await Promise.all(Array.from({ length: 4 }, () => reader.object("uni/tn-k8s")));
  assert.ok(found.every(({ ok }) => ok));
  assert.is(session.counts().login, 2);
  await session.close();
});

test("a second 403 is the answer: the user lacks the privilege", async () => {
  fake.intercept = ({ method, path }) =>
    method === "POST" && path.startsWith("/api/mo/") ? apicError(403, "403", "access denied: no write privilege") : undefined;
  const session = sessionWith(fake);
  const posted = await session.apic().writer?.post("uni/tn-k8s", { fvTenant: { attributes: { dn: "uni/tn-k8s" } } });
  assert.is(session.counts().login, 2);
  assert.is(session.counts().POST, 2);
  assert.ok(posted !== undefined && !posted.ok);
  if (posted === undefined || posted.ok) return;
  assert.is(posted.failure.doing, "POST /api/mo/uni/tn-k8s.json");
  assert.is(posted.failure.message, "HTTP 403, code 403: access denied: no write privilege");
  assert.match(posted.failure.next ?? "", "write access");
  await session.close();
});

test("the session is prolonged before it ends, and begun anew near its maximum", async () => {
  let now = 0;
  const session = sessionWith(fake, { now: () => now });
  const { reader } = session.apic();
  await reader.object("uni/tn-k8s");
  now = 500_000;
  await Promise.all([reader.object("uni/tn-k8s"), reader.object("uni/tn-k8s")]);
  assert.equal(session.counts(), { login: 1, GET: 3, refresh: 1 });
  now = 500_000 + 700_000;
  await reader.object("uni/tn-k8s");
  assert.is(session.counts().login, 2, "after a long silence only a login helps");
  now = 86_400_000;
  await reader.object("uni/tn-k8s");
  assert.is(session.counts().login, 3);
  await session.close();
});

test("a wrong password is asked once, and never shown", async () => {
  const session = sessionWith(fake, {
    credentials: { kind: "password", username: "admin", password: new Secret("canary-wrong") },
  });
  const { reader } = session.apic();
  const [first] = await Promise.all([reader.object("uni/tn-k8s"), reader.object("uni/tn-k8s")]);
  const again = await reader.object("uni/tn-k8s");
  assert.is(session.counts().login, 1);
  assert.equal(first, again);
  assert.not(first?.ok);
  assert.match(JSON.stringify(first), "User credential is incorrect");
  assert.match(JSON.stringify(first), "POST /api/aaaLogin.json");
  assert.not.match(inspect(first, { depth: 9 }), "canary-wrong");
  await session.close();
});

test("503 as an HTML page, 429 and a reset are repeated until they pass", async () => {
  const troubles = [HTML_503, "reset", { status: 429, body: "" }] as const;
  let index = 0;
  fake.intercept = ({ path }) => (path.startsWith("/api/mo/") ? troubles[index++] : undefined);
  const session = sessionWith(fake);
  assert.ok((await session.apic().reader.object("uni/tn-k8s")).ok);
  assert.is(session.counts().GET, 4);
  assert.is(session.counts().login, 1);
  await session.close();
});

test("patience ends: the failure names the controller and the page's title", async () => {
  fake.intercept = () => HTML_503;
  const session = sessionWith(fake);
  const read = await session.apic().reader.object("uni/tn-k8s");
  assert.not(read.ok);
  if (read.ok) return;
  assert.is(read.failure.kind, "unreachable");
  assert.is(read.failure.message, "apic1: HTTP 503: 503 Service Temporarily Unavailable");
  assert.is(session.counts().login, 1 + impatient.attempts);
  await session.close();
});

test("other refusals are not repeated", async () => {
  fake.intercept = ({ path }) =>
    path.startsWith("/api/mo/")
      ? apicError(400, "120", "unknown property value 99, name mtu, class l3extVirtualLIfP")
      : undefined;
  const session = sessionWith(fake);
  const read = await session.apic().reader.object("uni/tn-k8s");
  assert.is(session.counts().GET, 1);
  assert.not(read.ok);
  if (!read.ok)
    assert.is(read.failure.message, "HTTP 400, code 120: unknown property value 99, name mtu, class l3extVirtualLIfP");
  await session.close();
});

test("the next controller is asked when one is down, and kept", async () => {
  const gone = await startFakeApic();
  await gone.close();
  const session = sessionWith(second, {
    controllers: [
      { name: "apic1", host: "127.0.0.1", port: gone.port },
      { name: "apic2", host: "127.0.0.1", port: second.port },
    ],
  });
  assert.ok((await session.apic().reader.object("uni/tn-k8s")).ok);
  assert.ok((await session.apic().reader.object("uni/tn-k8s")).ok);
  assert.equal(paths(second), ["POST /api/aaaLogin.json", "GET /api/mo/uni/tn-k8s.json", "GET /api/mo/uni/tn-k8s.json"]);
  assert.is(session.counts().login, 2, "one at the controller that is down, one at the other");
  await session.close();
});

test("a controller that goes out of service in mid-run is left, with a login at the next one", async () => {
  const session = sessionWith(fake, {
    validateCertificates: false,
    controllers: [
      { name: "apic1", host: "127.0.0.1", port: fake.port },
      { name: "apic2", host: "127.0.0.1", port: second.port },
    ],
  });
  assert.ok((await session.apic().reader.object("uni/tn-k8s")).ok);
  fake.intercept = () => ({ status: 503, body: "<html><title>Controller is not in service</title></html>" });
  assert.ok((await session.apic().reader.object("uni/tn-k8s")).ok);
  assert.equal(paths(second), ["POST /api/aaaLogin.json", "GET /api/mo/uni/tn-k8s.json"]);
  await session.close();
});

test("requests that fail together move on once", () => {
  const [one, two, three] = ["apic1", "apic2", "apic3"].map((name) => ({ name, host: name, port: 443 }));
  if (one === undefined || two === undefined || three === undefined) throw new Error("three controllers");
  const ring = controllerRing([one, two, three]);
  ring.leave(one);
  ring.leave(one);
  assert.is(ring.current(), two);
  ring.leave(two);
  ring.leave(three);
  assert.is(ring.current(), one, "after the last comes the first");
});

test("parallel requests all get through when the first controller does not answer a login", async () => {
  fake.intercept = () => HTML_503;
  const session = sessionWith(fake, {
    validateCertificates: false,
    controllers: [
      { name: "apic1", host: "127.0.0.1", port: fake.port },
      { name: "apic2", host: "127.0.0.1", port: second.port },
    ],
  });
  const found = await Promise.all(Array.from({ length: 6 }, () => session.apic().reader.object("uni/tn-k8s")));
  assert.ok(found.every(({ ok }) => ok));
  assert.is(paths(second).filter((line) => line.includes("aaaLogin")).length, 1);
  await session.close();
});

test("all controllers down: each is named with what it said", async () => {
  const gone = await startFakeApic();
  await gone.close();
  const controllers = ["apic1", "apic2"].map((name) => ({ name, host: "127.0.0.1", port: gone.port }));
  const session = sessionWith(fake, { controllers });
  const read = await session.apic().reader.object("uni/tn-k8s");
  assert.not(read.ok);
  if (read.ok) return;
  assert.is(read.failure.kind, "unreachable");
  assert.match(read.failure.message, /apic1: .*ECONNREFUSED.*; apic2: .*ECONNREFUSED/);
  assert.match(read.failure.next ?? "", "network path");
  await session.close();
});

test("an unknown authority is refused at once, with advice; the check can be turned off", async () => {
  const strict = sessionWith(fake, { ca: undefined });
  const read = await strict.apic().reader.object("uni/tn-k8s");
  assert.not(read.ok);
  if (!read.ok) assert.match(read.failure.next ?? "", "ca_file");
  assert.is(strict.counts().login, 1);
  assert.equal(fake.requests, []);
  await strict.close();
  const trusting = sessionWith(fake, { ca: undefined, validateCertificates: false });
  assert.ok((await trusting.apic().reader.object("uni/tn-k8s")).ok);
  await trusting.close();
});

test("a certificate signs every request over exactly what is sent, without a login", async () => {
  const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const privateKey = new Secret(keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  const session = sessionWith(fake, {
    credentials: { kind: "certificate", username: "automation", certificate: "underlay", privateKey },
  });
  await session.apic().reader.class("fvTenant", { "query-target-filter": 'eq(fvTenant.name,"k8s")' });
  await session.apic().writer?.post("uni/tn-k8s", { fvTenant: { attributes: { dn: "uni/tn-k8s", descr: "signed" } } });
  await session.close();
  assert.equal(session.counts(), { GET: 1, POST: 1 });
  for (const { method, path, body, cookie } of fake.requests) {
    const signature = /APIC-Request-Signature=([^;]+)/.exec(cookie)?.[1] ?? "";
    assert.match(cookie, "APIC-Certificate-DN=uni/userext/user-automation/usercert-underlay");
    assert.ok(createVerify("RSA-SHA256").update(`${method}${path}${body}`).verify(keys.publicKey, signature, "base64"), path);
  }
});

test("no more than four connections for many requests", async () => {
  const session = sessionWith(fake);
  const before = fake.connections();
  await Promise.all(Array.from({ length: 20 }, () => session.apic().reader.object("uni/tn-k8s")));
  const opened = fake.connections() - before;
  assert.ok(opened <= 4, `${opened} connections`);
  await session.close();
});

test("secrets in a tree leave in full, and a server that repeats them is masked", async () => {
  const password = new Secret("canary-bgp-password");
  fake.intercept = ({ method, path, body }) =>
    method === "POST" && path.startsWith("/api/mo/") ? apicError(400, "801", `property password failed for ${body}`) : undefined;
  const session = sessionWith(fake, { secrets: [password] });
  const tree = { bgpPeerP: { attributes: { dn: "uni/tn-k8s", password }, children: [] } };
  const posted = await session.apic().writer?.post("uni/tn-k8s", tree);
  assert.match(fake.requests.at(-1)?.body ?? "", "canary-bgp-password");
  assert.not.match(inspect(posted, { depth: 9 }), "canary-bgp-password");
  assert.not.match(inspect(posted, { depth: 9 }), FAKE_PASSWORD);
  await session.close();
});

test("check mode has no writer; a leaf is read through the same session", async () => {
  fake.tree.set("topology/pod-1/node-201/sys/x", { className: "bgpDom", attributes: { dn: "topology/pod-1/node-201/sys/x" } });
  fake.tree.set("topology/pod-1/node-202/sys/x", { className: "bgpDom", attributes: { dn: "topology/pod-1/node-202/sys/x" } });
  const session = sessionWith(fake, { check: true });
  assert.is(session.apic().writer, undefined);
  const found = await session.leaf("topology/pod-1/node-201").reader.class("bgpDom");
  assert.equal(found.ok && found.value.map(({ dn }) => dn), ["topology/pod-1/node-201/sys/x"]);
  assert.match(fake.requests.at(-1)?.path ?? "", "/api/node/class/topology/pod-1/node-201/bgpDom.json");
  await session.close();
});

test.run();
