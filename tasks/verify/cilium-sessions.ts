import { Type } from "#typebox";
import type { ClusterReader } from "../../runner/connect/cluster.ts";
import { ok, type Result } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { reasonsOf, sessionsDown, strangersOf } from "../cilium/compare-sessions.ts";
import { installedVersion } from "../cilium/installed-version.ts";
import { nodeReports } from "../cilium/node-peers.ts";
import { Session } from "../cilium/peer-groups.ts";
import { bgpApiOf, versionWarnings } from "../cilium/release-line.ts";
import { gatherEvidence } from "../cilium/session-causes.ts";
import { isBefore, type Version } from "../cni/version.ts";
import { stuckWithdrawn } from "../cni/withdrawn.ts";

const ExpectedAsn = (description: string) => Type.Integer({ minimum: 1, maximum: 4294967295, description });

/** Proof from the cluster's side: every planned session is Established, as Cilium's agents see it. */
export const ciliumSessions = probeTask({
  name: "verify.cilium_sessions",
  summary: "Every node's BGP sessions with its leaves are Established",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      sessions: Type.Array(Session, { minItems: 1, description: "The planned sessions (`underlay.sessions`)" }),
      asn: Type.Optional(ExpectedAsn("AS of all nodes, to tell where a wrong one is")),
      fabric_asn: Type.Optional(ExpectedAsn("AS of the fabric, to tell where a wrong one is")),
      namespace: Type.String({ minLength: 1, default: "kube-system", description: "Where Cilium runs" }),
      rack_label: Type.String({ minLength: 1, default: "rack_id", description: "Node label that names the rack" }),
      timeout: Type.Integer({ minimum: 1, maximum: 3600, default: 120, description: "Seconds until all sessions are up" }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "Only reads, also in check mode: the status of CiliumBGPNodeConfig (from 1.16), else `bgp peers` in the node's Cilium pod.",
    "The version is that of the image of DaemonSet cilium, or of the helm release.",
    "Counts against the plan: a node that no BGP configuration selects looks healthy to Kubernetes and is a failure here. Peers that are not in the plan are warned about.",
    "Cilium takes no routes from the leaves: that it received some and accepted none is as it should be.",
  ],
  example: `- name: Cilium's sessions with the leaves of the rack
  verify.cilium_sessions:
    sessions: "{{ underlay.sessions }}"
    asn: 65003
    fabric_asn: 65002`,
  observe: async (reader, { args }) => {
    const { sessions, namespace, rack_label: rackLabel } = args;
    const asns = { cluster: args.asn, fabric: args.fabric_asn };
    const installed = await installedVersion(reader, namespace);
    if (!installed.ok) return installed;
    const nodes = new Set(sessions.map(({ node }) => node));
    const reports = await nodeReports(reader, [...nodes], namespace, installed.value?.version);
    if (!reports.ok) return reports;

    const down = sessionsDown(sessions, reports.value);
    const evidence = down.length === 0 ? ok(undefined) : await gatherEvidence(reader, [...nodes], rackLabel);
    if (!evidence.ok) return evidence;
    const policies = await leftPolicies(reader, installed.value?.version);
    if (!policies.ok) return policies;

    const up = sessions.length - down.length;
    const version = installed.value?.text;
    const unmet =
      evidence.value === undefined
        ? []
        : [...reasonsOf(sessions, reports.value, evidence.value, asns), ...evidence.value.complaints];
    return ok({
      ...stuckWithdrawn(unmet),
      facts: { expected: sessions.length, established: up, version: version ?? null },
      unmet,
      warnings: [
        ...(version === undefined ? [] : versionWarnings(version)),
        ...strangersOf(sessions, reports.value),
        ...policies.value,
      ],
      message: `${up} of ${sessions.length} sessions Established (Cilium ${version ?? "of unknown version"})`,
    });
  },
});

/** Policies of the older kind that are still there where newer ones are used: 1.18 is the last release that reads them. */
async function leftPolicies(reader: ClusterReader, version: Version | undefined): Promise<Result<readonly string[]>> {
  if (version === undefined || bgpApiOf(version) === "policy" || !isBefore(version, "1.19")) return ok([]);
  const listed = await reader.list("ciliumbgppeeringpolicies.cilium.io");
  if (!listed.ok) return listed;
  return ok(
    (listed.value ?? []).map(
      ({ metadata }) =>
        `CiliumBGPPeeringPolicy ${metadata.name} is still there: Cilium 1.19 does not read it, and nodes must not have both kinds`,
    ),
  );
}
