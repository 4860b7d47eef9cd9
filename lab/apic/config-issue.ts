import { type LeafInterface, nodeAttachment, onlyChild } from "./l3out-view.ts";
import type { Tree } from "./tree.ts";

/** A read-only property of a policy in which the controller notes what is wrong. */
export interface ConfigIssue {
  readonly dn: string;
  readonly property: string;
  readonly value: string;
}

/** What the controller writes into read-only properties of policies: DN, property, value (aci-objects 3.1, 3.11). */
export function configIssues(tree: Tree, interfaces: readonly LeafInterface[]): readonly ConfigIssue[] {
  const profilesOf = new Map<string, Set<string>>();
  for (const { nodeProfile, nodeDn, kind } of interfaces) {
    if (nodeProfile === undefined || nodeAttachment(tree, nodeProfile, nodeDn) !== undefined) continue;
    const issues = profilesOf.get(nodeProfile.dn) ?? new Set();
    profilesOf.set(nodeProfile.dn, issues.add(kind === "floating" ? "node-vlif-misconfig" : "node-path-misconfig"));
  }
  const profiles = tree.ofClass("l3extLNodeP").map(({ dn }) => {
    return { dn, property: "configIssues", value: [...(profilesOf.get(dn) ?? [])].sort().join(",") };
  });
  const peers = tree.ofClass("bgpPeerP").map((peer) => {
    const profile = tree.get(tree.holder(peer.dn));
    const nodes = profile?.className === "l3extLNodeP" ? tree.childrenOf(profile.dn, "l3extRsNodeL3OutAtt") : [];
    const without = nodes.some(
      (node) => node.attributes.rtrIdLoopBack === "no" && onlyChild(tree, node.dn, "l3extLoopBackIfP") === undefined,
    );
    return { dn: peer.dn, property: "ConfigIssues", value: without ? "no-loopback-configured" : "" };
  });
  return [...profiles, ...peers];
}
