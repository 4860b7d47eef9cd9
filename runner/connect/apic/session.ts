import { ok } from "../../result.ts";
import type { Connection } from "../connection.ts";
import type { ApicReader, ApicWriter, LeafReader, ManagedObject } from "../managed-object.ts";
import { openClient } from "./client.ts";
import { type ApicOptions, defaultRetry } from "./options.ts";
import { policyCache } from "./policy-cache.ts";
import { policyConnection } from "./policy-connection.ts";
import { apicReader, leafReader } from "./reader.ts";

/** One session with a controller cluster for a whole run: the tasks on `apics` and on `leaves` share it. */
export interface ApicSession {
  apic(): Connection<ManagedObject, ApicReader, ApicWriter>;
  /** One leaf by its DN, `topology/pod-1/node-201`. It holds no resources: it is only read. */
  leaf(nodeDn: string): Connection<never, LeafReader, ApicWriter>;
  /** Requests so far: `login`, `refresh`, `logout`, `GET`, `POST`; those that happened. */
  counts(): Record<string, number>;
  /** Logs out and closes the connections. */
  close(): Promise<void>;
}

/** Opens a session; nothing is sent before something is read. */
export function openApic(options: ApicOptions): ApicSession {
  const client = openClient(options);
  const writer: ApicWriter | undefined = options.check
    ? undefined
    : { post: (dn, tree) => client.post(`/api/mo/${dn}.json`, tree) };
  const policy = policyConnection(policyCache(client), apicReader(client), writer, options.retry ?? defaultRetry);
  return {
    apic: () => policy,
    leaf: (nodeDn) => ({
      reader: leafReader(client, nodeDn),
      writer: undefined,
      plan: async () => ok({ changes: [], unknown: [], project: () => {}, apply: async () => ok(undefined) }),
    }),
    counts: client.counts,
    close: client.close,
  };
}
