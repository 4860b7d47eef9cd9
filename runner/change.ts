import type { Json } from "./json.ts";

/** What is done to the target of a change. `run` is an action without a before and after, such as restarting something. */
export type ChangeAction = "create" | "modify" | "delete" | "run";

/**
 * One difference between what is wanted and what was found. Check mode and a run must give the same list (design section 1), so
 * nothing in it may depend on when it was made. Secrets are already masked.
 */
export interface Change {
  /** What is changed, in the field's own words: a DN, `file /etc/netplan/90-underlay.yaml`, `secret calico-system/bgp-secrets`. */
  readonly target: string;
  readonly action: ChangeAction;
  /** Only what differs; null when the target did not exist. */
  readonly before: Json;
  /** Only what differs; null when the target will not exist. */
  readonly after: Json;
}

/** Something check mode cannot know, and why (design section 5, "Predicting"). Never guessed, never left out. */
export interface Unknown {
  readonly target: string;
  readonly reason: string;
}
