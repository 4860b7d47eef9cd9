import type { ApicSession } from "../../runner/connect/apic/session.ts";
import type { ManagedObject } from "../../runner/connect/managed-object.ts";
import type { FakeApic } from "./fake-apic.ts";

/** Annotation of what underlay made. */
export const OURS = { annotation: "orchestrator:underlay" } as const;

/** The tree of a fake APIC, and what was sent to it. */
export interface PolicyTree {
  /** Back to tenant `k8s` with somebody's L3Out `a` and its node profile `n`. */
  reset(): void;
  put(dn: string, className: string, attributes?: Readonly<Record<string, string>>): void;
  /** POSTs to policy so far. */
  posts(): { readonly path: string; readonly body: unknown }[];
}

/** Handles the tree of a fake APIC. */
export function policyTree(fake: FakeApic): PolicyTree {
  const put: PolicyTree["put"] = (dn, className, attributes = {}) => {
    fake.tree.set(dn, { className, attributes: { dn, ...attributes } });
  };
  return {
    put,
    reset: () => {
      fake.tree.clear();
      fake.requests.length = 0;
      fake.intercept = () => undefined;
      put("uni/tn-k8s", "fvTenant");
      put("uni/tn-k8s/out-a", "l3extOut", { enforceRtctrl: "export", descr: "somebody's" });
      put("uni/tn-k8s/out-a/lnodep-n", "l3extLNodeP", { tag: "yellow-green" });
    },
    posts: () =>
      fake.requests
        .filter(({ method, path }) => method === "POST" && path.startsWith("/api/mo/"))
        .map(({ path, body }) => ({ path, body: JSON.parse(body) })),
  };
}

/** What a session would do; throws when it cannot be planned. */
export async function planOf(session: ApicSession, resources: readonly ManagedObject[]) {
  const planned = await session.apic().plan(resources);
  if (!planned.ok) throw new Error(planned.failure.message);
  return planned.value;
}

/** Plans and applies. */
export async function run(session: ApicSession, resources: readonly ManagedObject[]) {
  const { writer } = session.apic();
  if (writer === undefined) throw new Error("no writer");
  return (await planOf(session, resources)).apply(writer);
}
