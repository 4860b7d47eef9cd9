import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { decodeProtobuf } from "../../../lab/kube/api/protobuf.ts";

const test = suite("protobuf bodies");

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

/** A length-delimited field. */
function bytes(number: number, content: Buffer | string): Buffer {
  const body = Buffer.from(content);
  return Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(body.length)]), body]);
}

function envelope(kind: string, object: Buffer): Buffer {
  const type = Buffer.concat([bytes(1, "v1"), bytes(2, kind)]);
  return Buffer.concat([Buffer.from("k8s\0", "latin1"), bytes(1, type), bytes(2, object)]);
}

const metadata = bytes(
  1,
  Buffer.concat([bytes(1, "name"), bytes(3, "space"), bytes(11, Buffer.concat([bytes(1, "k"), bytes(2, "v")]))]),
);

test("a Secret with any bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (content) => {
      const entry = Buffer.concat([bytes(1, "key"), bytes(2, Buffer.from(content))]);
      const body = envelope("Secret", Buffer.concat([metadata, bytes(2, entry), bytes(3, "Opaque")]));
      assert.equal(decodeProtobuf(body), {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "name", namespace: "space", labels: { k: "v" } },
        data: { key: Buffer.from(content).toString("base64") },
        type: "Opaque",
      });
    }),
  );
});

test("fields that are not in the table are passed over", () => {
  const unknown = Buffer.from([
    ...varint(40 * 8),
    1,
    ...varint(41 * 8 + 1),
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    ...varint(42 * 8 + 5),
    0,
    0,
    0,
    0,
  ]);
  const body = envelope("Namespace", Buffer.concat([unknown, metadata]));
  assert.is(JSON.stringify(decodeProtobuf(body)?.metadata), '{"name":"name","namespace":"space","labels":{"k":"v"}}');
});

test("options without anything set are an empty message", () => {
  assert.equal(decodeProtobuf(envelope("DeleteOptions", Buffer.alloc(0))), { apiVersion: "v1", kind: "DeleteOptions" });
});

test("booleans and repeated texts", () => {
  const body = envelope("DeleteOptions", Buffer.concat([bytes(4, "Background"), bytes(5, "All"), bytes(5, "x")]));
  assert.equal(decodeProtobuf(body)?.dryRun, ["All", "x"]);
  const secret = envelope("Secret", Buffer.concat([metadata, Buffer.from([5 * 8, 1])]));
  assert.is(decodeProtobuf(secret)?.immutable, true);
});

test("what is malformed or of an unknown kind is refused, whatever it is", () => {
  assert.is(decodeProtobuf(Buffer.from("{}")), undefined);
  assert.is(decodeProtobuf(envelope("Gadget", metadata)), undefined);
  const whole = envelope("Namespace", metadata);
  assert.is(decodeProtobuf(whole.subarray(0, whole.length - 1)), undefined);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
      decodeProtobuf(Buffer.concat([Buffer.from("k8s\0", "latin1"), Buffer.from(noise)]));
    }),
  );
});

test.run();
