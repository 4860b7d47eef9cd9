import { suite } from "uvu";
import * as assert from "uvu/assert";
import { release } from "../../tasks/helm/release.ts";
import { desired, prepare } from "../k8s/fake-cluster.ts";

const test = suite("helm.release");

test("arguments become a release, defaults filled in", async () => {
  const args = { name: "calico", namespace: "tigera-operator", chart: "tigera-operator", version: "v3.31.7" };
  assert.equal(
    await desired(release, { ...args, repository: "https://charts.example.org", brings: ["bgppeers.projectcalico.org"] }),
    [
      {
        kind: "release",
        state: "present",
        createNamespace: false,
        ...args,
        repository: "https://charts.example.org",
        values: {},
        brings: ["bgppeers.projectcalico.org"],
        timeoutSeconds: 300,
      },
    ],
  );
});

test("`brings` takes full resource names only", () => {
  const args = { name: "a", namespace: "a", chart: "a", version: "1", brings: ["BGPPeer"] };
  assert.throws(() => prepare(release, args), /brings/);
});

test.run();
