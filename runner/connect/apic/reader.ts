import { ok, type Result } from "../../result.ts";
import type { ApicQuery, ApicReader, FoundObject, LeafReader } from "../managed-object.ts";
import type { ApicClient } from "./client.ts";

/** Reads whatever is asked for, uncached: for probes and for facts that change by themselves. */
export function apicReader(client: ApicClient): ApicReader {
  return {
    object: (dn, query) => one(client, dn, query),
    class: (className, query) => client.get(`/api/node/class/${className}.json${queryText(query)}`),
  };
}

/** The same for one leaf: a class query goes to that switch only. `nodeDn` is `topology/pod-1/node-201`. */
export function leafReader(client: ApicClient, nodeDn: string): LeafReader {
  return {
    nodeDn,
    object: (dn, query) => one(client, dn, query),
    class: (className, query) => client.get(`/api/node/class/${nodeDn}/${className}.json${queryText(query)}`),
  };
}

async function one(client: ApicClient, dn: string, query: ApicQuery | undefined): Promise<Result<FoundObject | undefined>> {
  const answered = await client.get(`/api/${dn.startsWith("topology/") ? "node/mo" : "mo"}/${dn}.json${queryText(query)}`);
  return answered.ok ? ok(answered.value[0]) : answered;
}

/** Characters that would end or change a query are encoded; filters are full of quotes. */
function queryText(query: ApicQuery = {}): string {
  const parts = Object.entries(query).map(([name, value]) => `${name}=${value.replace(/[%#&+" ]/g, encodeURIComponent)}`);
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}
