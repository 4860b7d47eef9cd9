import { openCluster } from "../../../runner/connect/kube/open-cluster.ts";
import type { ClusterTimeouts } from "../../../runner/connect/kube/timeouts.ts";
import { Secret } from "../../../runner/secret.ts";
import { type Answer, type StandIn, standIn } from "./stand-in.ts";

/** A secret that must never be seen. */
export const CANARY = "canary-bgp-password";

type Opened = ReturnType<typeof openCluster>;

/** Opens a cluster whose programs are stand-ins, and removes them afterwards. Waiting is cut short. */
export async function withStandIn(
  answers: readonly Answer[],
  body: (session: Opened, programs: StandIn) => Promise<void>,
  options: { readonly check?: boolean; readonly context?: string; readonly timeouts?: Partial<ClusterTimeouts> } = {},
): Promise<void> {
  const programs = standIn(answers);
  const session = openCluster({
    kubectl: programs.kubectl,
    helm: programs.helm,
    context: options.context,
    check: options.check ?? false,
    secrets: [new Secret(CANARY)],
    timeouts: { retryMilliseconds: 1, pollMilliseconds: 1, crdSeconds: 0, ...options.timeouts },
  });
  try {
    await body(session, programs);
  } finally {
    session.close();
    programs.remove();
  }
}
