import type { Calicoctl } from "./calicoctl.ts";
import type { Discovery } from "./discovery.ts";
import type { Programs } from "./programs.ts";
import type { Projection } from "./projection.ts";
import type { ClusterTimeouts } from "./timeouts.ts";

/** What planning and writing need of a run's cluster. */
export interface ClusterParts {
  readonly programs: Programs;
  readonly discovery: Discovery;
  readonly projection: Projection;
  readonly calicoctl: Calicoctl;
  readonly timeouts: ClusterTimeouts;
  /** Check mode: nothing is waited for, and planned things are laid over what was read. */
  readonly check: boolean;
}
