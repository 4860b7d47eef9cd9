import { once } from "node:events";
import { type Socket, connect as tcp } from "node:net";
import { connect as tls } from "node:tls";
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
  const lab = await startTestCluster({
    faults: new Map([
      ["kube.503", "2"],
      ["kube.401", "1"],
    ]),
  });
  const codes = [];
  for (let request = 0; request < 4; request += 1) codes.push((await lab.get("/api/v1/nodes")).status);
  assert.equal(codes, [503, 503, 401, 200]);
  await lab.close();
});

test("kube.refuse resets that many connections", async () => {
  const lab = await startTestCluster({ faults: new Map([["kube.refuse", "2"]]) });
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

/** Opens a TCP connection and writes what a client that is not well would write. */
async function half(port: number, text: string, secure: boolean): Promise<Socket> {
  const socket = secure ? tls({ port, host: "127.0.0.1", rejectUnauthorized: false }) : tcp({ port, host: "127.0.0.1" });
  socket.on("error", () => {});
  await once(socket, secure ? "secureConnect" : "connect");
  socket.write(text);
  // Unread data would keep it from noticing its end.
  return socket.resume();
}

test("close() ends with connections in every state: handshake, request head, body, kept alive, watch", async () => {
  const lab = await startTestCluster();
  const { port } = lab.cluster;
  const head = "Host: x\r\nAuthorization: Bearer test-only-token\r\n";
  const ends = await Promise.all([
    half(port, "", false),
    half(port, "\u0016\u0003\u0001", false),
    half(port, "GET /version HT", true),
    half(port, `POST /api/v1/namespaces HTTP/1.1\r\n${head}Content-Length: 100\r\n\r\n{`, true),
    half(port, `GET /version HTTP/1.1\r\n${head}\r\n`, true),
    half(port, `GET /api/v1/nodes?watch=true HTTP/1.1\r\n${head}\r\n`, true),
  ]);
  // What the servers have to say is on its way back: the watch runs.
  if (ends[5].bytesRead === 0) await once(ends[5], "data");
  const closed = ends.map((socket) => (socket.closed ? undefined : once(socket, "close")));
  await lab.close();
  await Promise.all(closed);
});

test("a client that goes away in the middle of its request does no harm; a watch ends when its time is over", async () => {
  const lab = await startTestCluster();
  const head = "Host: x\r\nAuthorization: Bearer test-only-token\r\n";
  const gone = await half(lab.cluster.port, `POST /api/v1/namespaces HTTP/1.1\r\n${head}Content-Length: 100\r\n\r\n{`, true);
  gone.destroy();
  const watch = await half(
    lab.cluster.port,
    `GET /api/v1/nodes?watch=true&timeoutSeconds=1 HTTP/1.1\r\nConnection: close\r\n${head}\r\n`,
    true,
  );
  await once(watch, "end");
  assert.is((await lab.get("/version")).status, 200);
  await lab.close();
});

test.run();
