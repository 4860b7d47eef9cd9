import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isObject } from "../../../runner/json.ts";
import { startTestCluster } from "./start.ts";

const test = suite("the API's door: tokens and faults");

test("without the right token there is only 401", async () => {
  const lab = await startTestCluster();
  const refused = await lab.get("/api/v1/namespaces/default/secrets", "wrong");
  assert.is(refused.status, 401);
  assert.ok(isObject(refused.body) && refused.body.reason === "Unauthorized");
  assert.is((await lab.get("/api/v1/nodes")).status, 200);
  const kubectl = await lab.kubectl(["get", "nodes", "--token", "wrong"]);
  assert.match(kubectl.stderr, "must be logged in");
  await lab.close();
});

test("kube.503 and kube.401 answer that often, then tell the truth", async () => {
  const lab = await startTestCluster(
    new Map([
      ["kube.503", "2"],
      ["kube.401", "1"],
    ]),
  );
  const codes = [];
  for (let request = 0; request < 4; request += 1) codes.push((await lab.get("/api/v1/nodes")).status);
  assert.equal(codes, [503, 503, 401, 200]);
  await lab.close();
});

test("kube.refuse resets that many connections", async () => {
  const lab = await startTestCluster(new Map([["kube.refuse", "2"]]));
  const outcomes = [];
  for (let request = 0; request < 3; request += 1) {
    outcomes.push(
      await lab.get("/version").then(
        ({ status }) => status,
        () => "reset",
      ),
    );
  }
  assert.equal(outcomes, ["reset", "reset", 200]);
  await lab.close();
});

test("what is not served is not found, in the words that clients understand", async () => {
  const lab = await startTestCluster();
  for (const path of ["/apis/nothing.example/v1", "/apis/apps/v1/nothing", "/apis/nothing.example", "/nothing"]) {
    const found = await lab.get(path);
    assert.is(found.status, 404, path);
    assert.ok(isObject(found.body) && found.body.message === "the server could not find the requested resource");
  }
  assert.is((await lab.get("/api/v1/nodes/%zz")).status, 400);
  assert.is((await lab.get("/api/v1/nodes?labelSelector=a%20b")).status, 400);
  await lab.close();
});

test.run();
