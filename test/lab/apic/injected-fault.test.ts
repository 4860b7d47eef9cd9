import { suite } from "uvu";
import * as assert from "uvu/assert";
import { closeBenches, mo, startBench } from "./simulator.ts";

const test = suite("failures on demand");
test.after.each(closeBenches);

test("apic.503: so many HTML pages, then all is well", async () => {
  const bench = await startBench({ faults: { "apic.503": "2" }, login: false });
  for (let call = 0; call < 2; call++) {
    const answer = await bench.login();
    assert.is(answer.status, 503);
    assert.match(answer.text, /503 Service Temporarily Unavailable/);
  }
  assert.is((await bench.login()).status, 200);
  await bench.close();
});

test("apic.reset: connections are cut, but for logins, and nothing is written", async () => {
  const bench = await startBench({ faults: { "apic.reset": "1" } });
  const post = () => bench.post("/api/mo/uni/tn-k8s.json", mo("fvCtx", { name: "V" }));
  let failure: unknown;
  await post().catch((error: unknown) => {
    failure = error;
  });
  assert.match(String(failure), /socket hang up|ECONNRESET/);
  assert.not.ok(bench.fabric.objects().has("uni/tn-k8s/ctx-V"));
  assert.is((await post()).status, 200);
  await bench.close();
});

test("apic.token_expiry: the token ends after so many requests, once", async () => {
  const bench = await startBench({ faults: { "apic.token_expiry": "2" } });
  assert.is((await bench.get("/api/mo/uni.json")).status, 200);
  assert.is((await bench.get("/api/mo/uni.json")).status, 200);
  const refused = await bench.get("/api/mo/uni.json");
  assert.is(refused.status, 403);
  assert.is(refused.error.text, "Token was invalid (Error: Token timeout)");
  await bench.login();
  for (let call = 0; call < 4; call++) assert.is((await bench.get("/api/mo/uni.json")).status, 200);
  await bench.close();
});

test("apic.401: logins are refused", async () => {
  const bench = await startBench({ faults: { "apic.401": "1" }, login: false });
  assert.is((await bench.login()).status, 401);
  assert.is((await bench.login()).status, 200);
  await bench.close();
});

test("apic.202: the write is on its way", async () => {
  const bench = await startBench({ faults: { "apic.202": "1" } });
  const answer = await bench.post("/api/mo/uni/tn-k8s.json", mo("fvCtx", { name: "V" }));
  assert.is(answer.status, 202);
  assert.is(await bench.attribute("uni/tn-k8s/ctx-V", "name"), "V");
  await bench.close();
});

test("apic.down: those controllers refuse connections, the others serve", async () => {
  const bench = await startBench({ faults: { "apic.down": "apic1,apic3" }, login: false });
  for (const controller of ["apic1", "apic3"]) {
    let failure: unknown;
    await bench.login(controller).catch((error: unknown) => {
      failure = error;
    });
    assert.match(String(failure), /ECONNREFUSED/);
  }
  assert.is((await bench.login("apic2")).status, 200);
  assert.equal([...bench.fabric.ports.keys()], ["apic1", "apic2", "apic3"]);
  await bench.close();
});

test("the log of requests", async () => {
  const bench = await startBench({ faults: { "apic.slow": "1" } });
  await bench.get("/api/mo/uni.json?rsp-subtree=children");
  await bench.post("/api/mo/uni.json", mo("fvNothing"));
  assert.equal(bench.fabric.requests(), [
    { method: "POST", path: "/api/aaaLogin.json", status: 200 },
    { method: "GET", path: "/api/mo/uni.json?rsp-subtree=children", status: 200 },
    { method: "POST", path: "/api/mo/uni.json", status: 400 },
  ]);
  await bench.close();
});

test.run();
