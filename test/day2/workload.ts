import type { ByHand } from "../support/by-hand.ts";

/** Something to serve: pods on many nodes, a service that prefers local endpoints, one that does not. */
const WEB = [
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "default" },
    spec: {
      replicas: 6,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "web", image: "registry.k8s.io/e2e-test-images/agnhost:2.53" }] },
      },
    },
  },
  ...["Local", "Cluster"].map((policy) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: `web-${policy.toLowerCase()}`, namespace: "default" },
    spec: {
      type: "LoadBalancer",
      externalTrafficPolicy: policy,
      selector: { app: "web" },
      ports: [{ port: 80, protocol: "TCP" }],
    },
  })),
];

/** Puts the workload into the cluster and waits until it is there. */
export async function deployWeb(hand: ByHand): Promise<void> {
  await hand.kubectl(["apply", "-f", "-"], WEB.map((object) => JSON.stringify(object)).join("\n---\n"));
  await hand.kubectl(["rollout", "status", "deployment/web", "--timeout=30s"]);
}

/** A budget that lets no pod of the workload go. */
export async function protectWeb(hand: ByHand): Promise<void> {
  const budget = {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "web-stays", namespace: "default" },
    spec: { maxUnavailable: 0, selector: { matchLabels: { app: "web" } } },
  };
  await hand.kubectl(["apply", "-f", "-"], JSON.stringify(budget));
}

/** Puts so many pods into the cluster that every node has some; gives their number on one node. */
export async function spreadWeb(hand: ByHand, node: string): Promise<number> {
  await hand.kubectl(["patch", "deployment/web", "--type=merge", "-p", JSON.stringify({ spec: { replicas: 24 } })]);
  await hand.kubectl(["rollout", "status", "deployment/web", "--timeout=60s"]);
  const on = ["--field-selector", `spec.nodeName=${node},status.phase=Running`];
  return (await hand.kubectl(["get", "pods", "-l", "app=web", ...on, "-o", "name"])).split("\n").filter((line) => line !== "")
    .length;
}
