import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Sessions } from "../../../lab/apic/session.ts";
import { closeBenches, credentials, spec, startBench } from "./simulator.ts";

const test = suite("login");
test.after.each(closeBenches);

test("a login answers with token, cookie, lifetimes and the controller it went to", async () => {
  const bench = await startBench({ login: false });
  const answer = await bench.login("apic2");
  const [login] = answer.objects;
  assert.is(answer.status, 200);
  assert.is(answer.totalCount, "1");
  assert.is(login?.className, "aaaLogin");
  assert.is(login?.attributes.refreshTimeoutSeconds, "600");
  assert.is(login?.attributes.maximumLifetimeSeconds, "86400");
  assert.is(login?.attributes.node, "topology/pod-1/node-2");
  assert.is(login?.attributes.version, "5.2(7f)");
  assert.is(bench.cookie, `APIC-cookie=${login?.attributes.token}`);
  assert.match(String(answer.headers["set-cookie"]), /HttpOnly; Secure/);
  await bench.close();
});

test("the token is good on every controller", async () => {
  const bench = await startBench();
  for (const controller of ["apic1", "apic2", "apic3"]) {
    assert.is((await bench.send("GET", "/api/mo/uni.json", undefined, { controller })).status, 200);
  }
  await bench.close();
});

test("a login domain may stand before the name", async () => {
  const bench = await startBench({ login: false });
  for (const name of ["apic:fallback\\admin", "apic#fallback\\admin"]) {
    assert.is((await bench.post("/api/aaaLogin.json", credentials(name, "lab-password"))).status, 200);
  }
  await bench.close();
});

test("a wrong password and an unknown user get the same 401", async () => {
  const bench = await startBench({ login: false });
  for (const [name, pwd] of [
    ["admin", "wrong"],
    ["nobody", "lab-password"],
    ["admin", ""],
  ] as const) {
    const answer = await bench.post("/api/aaaLogin.json", credentials(name, pwd));
    assert.is(answer.status, 401);
    assert.equal(answer.error, { code: "401", text: "Username or password is incorrect - FAILED local authentication" });
  }
  await bench.close();
});

test("without a cookie and with a bad one: two different 403", async () => {
  const bench = await startBench({ login: false });
  const none = await bench.get("/api/mo/uni.json");
  assert.is(none.status, 403);
  assert.match(none.error.text, /^Need a valid webtoken cookie \(named APIC-Cookie\) or a signed request/);
  const bad = await bench.send("GET", "/api/mo/uni.json", undefined, { cookie: "APIC-cookie=nonsense" });
  assert.is(bad.status, 403);
  assert.equal(bad.error, { code: "403", text: "Token was invalid (Error: Token timeout)" });
  await bench.close();
});

test("refresh gives a token that works; logout ends all tokens of that login, not other logins", async () => {
  const bench = await startBench();
  const other = await bench.post("/api/aaaLogin.json", credentials("admin", spec.password));
  const others = `APIC-cookie=${other.objects[0]?.attributes.token}`;
  const refreshed = await bench.get("/api/aaaRefresh.json");
  assert.is(refreshed.status, 200);
  const cookie = `APIC-cookie=${refreshed.objects[0]?.attributes.token}`;
  assert.is.not(cookie, bench.cookie);
  assert.is((await bench.send("GET", "/api/mo/uni.json", undefined, { cookie })).status, 200);
  assert.is((await bench.post("/api/aaaLogout.json", credentials("admin", ""))).status, 200);
  assert.is((await bench.send("GET", "/api/mo/uni.json", undefined, { cookie })).status, 403);
  assert.is((await bench.send("GET", "/api/mo/uni.json", undefined, { cookie: others })).status, 200);
  await bench.close();
});

test("login domains are told to anybody", async () => {
  const bench = await startBench({ login: false });
  const answer = await bench.get("/api/aaaListDomains.json");
  assert.is(answer.status, 200);
  assert.is(answer.objects[0]?.attributes.name, "DefaultAuth");
  await bench.close();
});

test("a token ends after its 600 seconds, and a chain of refreshes after a day", () => {
  let now = 1_000_000_000_000;
  const sessions = new Sessions(undefined, () => now);
  let session = sessions.open("admin", new Date(now));
  now += 599_000;
  assert.is(sessions.use(session.token)?.user, "admin");
  session = sessions.refresh(session);
  now += 599_000;
  assert.is(sessions.use(session.token)?.user, "admin");
  now += 2_000;
  assert.is(sessions.use(session.token), undefined);
  session = sessions.open("admin", new Date(now - 86_300_000));
  now += 101_000;
  assert.is(sessions.use(session.token), undefined);
});

test.run();
