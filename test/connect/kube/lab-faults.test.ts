import { suite } from "uvu";
import * as assert from "uvu/assert";
import { findPrograms } from "../../../lab/programs.ts";
import type { Manifest } from "../../../runner/connect/cluster.ts";
import { openCluster } from "../../../runner/connect/kube/open-cluster.ts";
import { Secret } from "../../../runner/secret.ts";
import { startTestCluster, type TestCluster } from "../../lab/kube/start.ts";
import { writeKubeconfig } from "./kubeconfig.ts";

/** What real kubectl and helm do and say when the API server is not well: repeated where that is safe, and clear words otherwise. */
const test = suite("cluster connection, faults");

const NODE = { apiVersion: "v1", kind: "Node", name: "worker-1" };

type Session = ReturnType<typeof openCluster>;

/** Opens a session with a cluster that has these faults. */
async function withFaults(
  faults: Readonly<Record<string, string>>,
  body: (session: Session, lab: TestCluster) => Promise<void>,
  options: { readonly token?: string; readonly trusted?: boolean; readonly context?: string; readonly stopped?: boolean } = {},
): Promise<void> {
  const lab = await startTestCluster({ faults: new Map(Object.entries(faults)) });
  const kubeconfig = writeKubeconfig(lab, options);
  const session = openCluster({
    ...(await findPrograms()),
    kubeconfig,
    context: options.context,
    check: false,
    secrets: [new Secret(options.token ?? "no-token")],
    timeouts: { retryMilliseconds: 10 },
  });
  if (options.stopped) await lab.cluster.close();
  try {
    await body(session, lab);
  } finally {
    session.close();
    await lab.close();
  }
}

for (const fault of ["kube.503", "kube.refuse"]) {
  test(`${fault}: a read goes through in the end`, async () => {
    await withFaults({ [fault]: "2" }, async (session) => {
      const found = await session.connection().reader.objects([NODE]);
      assert.ok(found.ok, JSON.stringify(found));
      if (found.ok) assert.is(found.value.length, 1);
    });
  });
}

test("an apply that meets a 503 is repeated once and has done its work", async () => {
  await withFaults({ "kube.503": "1" }, async (session) => {
    const object = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };
    const manifest: Manifest = { kind: "manifest", state: "present", object };
    const applied = await session.connection().writer?.apply([manifest]);
    assert.ok(applied?.ok, JSON.stringify(applied));
    const found = await session.connection().reader.objects([{ apiVersion: "v1", kind: "Namespace", name: "shop" }]);
    assert.ok(found.ok && found.value.length === 1);
  });
});

test("an API server that is gone: unreachable, after four attempts", async () => {
  await withFaults(
    {},
    async (session) => {
      const found = await session.connection().reader.objects([NODE]);
      assert.not.ok(found.ok);
      if (found.ok) return;
      assert.is(found.failure.kind, "unreachable");
      assert.match(found.failure.message, "refused");
      assert.is(session.counts().kubectl, 4);
      const release = await session.connection().reader.release("calico", "tigera-operator");
      assert.ok(!release.ok && release.failure.kind === "unreachable");
    },
    { stopped: true },
  );
});

test("a wrong token: failed, said once, and the token is nowhere", async () => {
  const token = "canary-kube-token";
  await withFaults(
    {},
    async (session) => {
      const found = await session.connection().reader.objects([NODE]);
      assert.not.ok(found.ok);
      if (found.ok) return;
      assert.is(found.failure.kind, "failed");
      assert.match(found.failure.meaning ?? "", "credentials");
      assert.not.match(JSON.stringify(found), token);
      assert.is(session.counts().kubectl, 1);
    },
    { token },
  );
});

test("a certificate of an unknown authority: unreachable, said once", async () => {
  await withFaults(
    {},
    async (session) => {
      const found = await session.connection().reader.objects([NODE]);
      assert.not.ok(found.ok);
      if (found.ok) return;
      assert.is(found.failure.kind, "unreachable");
      assert.match(found.failure.meaning ?? "", "certificate");
      assert.is(session.counts().kubectl, 1);
    },
    { trusted: false },
  );
});

test("a context that the kubeconfig does not have", async () => {
  await withFaults(
    {},
    async (session) => {
      const { reader } = session.connection();
      for (const result of [await reader.objects([NODE]), await reader.release("a", "b")]) {
        assert.not.ok(result.ok);
        if (!result.ok) assert.match(result.failure.meaning ?? "", "no such context");
      }
    },
    { context: "nowhere" },
  );
});

test.run();
