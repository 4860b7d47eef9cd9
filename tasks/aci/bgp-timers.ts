import { Type } from "#typebox";
import { absentMo, absentUnlessUsed, mo } from "../../runner/connect/managed-object.ts";
import { declareTask } from "../../runner/task-type.ts";
import { L3OutName, Name, State, Tenant } from "./arguments.ts";
import { nodeProfileDn, tenantDn } from "./names.ts";
import { usedByName } from "./uses.ts";

/**
 * White paper steps 8 and 9: BGP timers, maximum AS limit and graceful restart, as a policy that every node profile of the L3Out
 * uses. 1 s/3 s finds a dead node fast; Calico's BIRD is not stable with it (projectcalico/calico issue 7086), so Calico gets 2 s/6 s.
 */
export const bgpTimers = declareTask({
  name: "aci.bgp_timers",
  summary: "BGP timers, maximum AS limit and graceful restart helper",
  steps: [8, 9],
  on: "apic",
  args: Type.Object(
    {
      tenant: Tenant,
      l3out: L3OutName,
      node_profiles: Type.Array(Name("Node profile"), {
        minItems: 1,
        uniqueItems: true,
        description: "Node profiles that use the timers (bgpRsBgpNodeCtxPol below each l3extLNodeP)",
      }),
      name: Name("Policy (bgpCtxPol.name)"),
      cni: Type.Optional(
        Type.Enum(["calico", "kube-router", "cilium"], {
          description: "Network plugin of the cluster; decides the timers when they are not given",
        }),
      ),
      keepalive: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: 3600,
          description: "Keepalive interval in seconds; a third of hold when not given (bgpCtxPol.kaIntvl)",
        }),
      ),
      hold: Type.Optional(
        Type.Union([Type.Literal(0), Type.Integer({ minimum: 3, maximum: 3600 })], {
          description: "Hold interval in seconds, 0 or at least 3; 6 for calico, else 3 (bgpCtxPol.holdIntvl)",
        }),
      ),
      max_as_limit: Type.Integer({
        minimum: 0,
        maximum: 2000,
        default: 1,
        description:
          "Most AS in a path that is accepted, 0 is off; 1 refuses what a node learned elsewhere (bgpCtxPol.maxAsLimit)",
      }),
      graceful_restart_helper: Type.Boolean({
        default: true,
        description: "Keep routes while a node's BGP restarts (bgpCtxPol.grCtrl helper)",
      }),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "Timers are per VRF and leaf: another L3Out of the VRF on the same leaf with other timers is refused (fault F0467, bgpProt-policy-already-existing).",
    "A keepalive interval must be below the hold interval.",
    "absent takes the policy off the node profiles, and removes it unless another node profile or a VRF uses it.",
  ],
  example: `
- name: Step 8 and 9 - BGP timers, maximum AS limit, graceful restart
  aci.bgp_timers:
    tenant: k8s
    l3out: calico
    node_profiles: [anchors]
    name: calico-timers
    cni: calico
`,
  warn: (args) => {
    const { keepalive, hold } = timersOf(args);
    const warnings: string[] = [];
    if (args.cni === "calico" && hold > 0 && hold < 6) {
      warnings.push(
        `timers ${keepalive} s/${hold} s reset sessions at random with Calico: its BIRD is not stable at 1 s/3 s ` +
          "(projectcalico/calico issue 7086; white paper step 9 relaxes them to 2 s/6 s)",
      );
    }
    if (hold > 0 && keepalive >= hold) {
      warnings.push(`keepalive ${keepalive} s is not below hold ${hold} s: sessions would drop between two keepalives`);
    }
    return warnings;
  },
  desired: ({ args }) => {
    const policy = `${tenantDn(args.tenant)}/bgpCtxP-${args.name}`;
    const protocolDns = args.node_profiles.map((profile) => `${nodeProfileDn(args.tenant, args.l3out, profile)}/protp`);
    if (args.state === "absent") {
      const users = ["bgpRsBgpNodeCtxPol", "fvRsBgpCtxPol"];
      const uses = users.map((className) => usedByName(args.tenant, className, "tnBgpCtxPolName", args.name));
      return [...protocolDns.map((dn) => absentMo("bgpProtP", dn)), absentUnlessUsed("bgpCtxPol", policy, uses)];
    }
    const { keepalive, hold } = timersOf(args);
    return [
      mo("bgpCtxPol", policy, {
        kaIntvl: keepalive,
        holdIntvl: hold,
        maxAsLimit: args.max_as_limit,
        grCtrl: args.graceful_restart_helper ? ["helper"] : [],
      }),
      ...protocolDns.flatMap((dn) => [
        mo("bgpProtP", dn),
        mo("bgpRsBgpNodeCtxPol", `${dn}/rsbgpNodeCtxPol`, { tnBgpCtxPolName: args.name }),
      ]),
    ];
  },
});

function timersOf(args: { readonly cni?: string; readonly keepalive?: number; readonly hold?: number }): {
  readonly keepalive: number;
  readonly hold: number;
} {
  const hold = args.hold ?? (args.keepalive === undefined ? (args.cni === "calico" ? 6 : 3) : args.keepalive * 3);
  return { keepalive: args.keepalive ?? Math.floor(hold / 3), hold };
}
