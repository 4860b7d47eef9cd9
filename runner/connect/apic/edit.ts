import type { Change } from "../../change.ts";
import type { Secret } from "../../secret.ts";

/** One write that a task needs: what is sent for an object, and the change that people see (none for bookkeeping objects). */
export interface Edit {
  readonly action: "create" | "modify" | "delete";
  readonly className: string;
  readonly dn: string;
  /** Properties to send, as wire text; write-only ones stay Secrets until they leave. Empty for a delete. */
  readonly attributes: Readonly<Record<string, string | Secret>>;
  readonly change: Change | undefined;
}

/**
 * The mark of objects that this tool created; Terraform and Ansible mark theirs the same way (facts 2.1). An object that was there before
 * keeps the annotation it has: taking it over changes nothing that anybody would want to see in a check.
 */
export const OWNER = "orchestrator:underlay";
