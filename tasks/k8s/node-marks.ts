/** What underlay writes on Nodes to know later what it has done there. */

/** Annotation: we cordoned the node, and why. Only nodes that carry it are uncordoned by us. */
export const CORDONED = "underlay/cordoned";

/** Label with the value `"true"`: the node must not announce anything. Peers select only nodes without it. */
export const WITHDRAWN = "underlay/withdrawn";

/** Taint of a node that k8s.join let in, until it is cordoned: without it pods could be put there in between. */
export const JOINING = { key: "underlay/joining", effect: "NoSchedule" } as const;
