import { Type } from "#typebox";
import { ok } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { Name, NodeId, Pod, Prefix } from "../aci/arguments.ts";
import { gatherFabric } from "./fabric-evidence.ts";
import { judgeFabric } from "./fabric-rules.ts";
import { messages } from "./finding.ts";

/** The paper's rules that only the live fabric can answer, before anything is changed. */
export const preflightFabric = probeTask({
  name: "preflight.fabric",
  summary: "What the fabric would object to, before anything is changed",
  steps: [],
  on: "apic",
  args: Type.Object(
    {
      tenant: Name("Tenant of the L3Out (fvTenant.name)"),
      vrf: Name("VRF of the L3Out (fvCtx.name)"),
      l3out: Name("L3Out of the cluster (l3extOut.name)"),
      svi: Type.Enum(["floating", "standard"], { description: "Design of the SVI" }),
      asn: Type.Integer({
        minimum: 1,
        maximum: 4_294_967_295,
        description: "AS of the fabric as the inventory says (bgpAsP.asn)",
      }),
      pod: Pod,
      leaves: Type.Array(
        Type.Object({ node_id: NodeId, router_id: Type.String({ format: "ip" }) }, { additionalProperties: false }),
        { minItems: 1, description: "Anchor or border leaves" },
      ),
      vlans: Type.Array(Type.Integer({ minimum: 1, maximum: 4094 }), { minItems: 1, description: "VLANs of the SVIs" }),
      floating_addresses: Type.Array(Type.String(), { default: [], description: "Floating addresses, one for each family" }),
      prefixes: Type.Array(Prefix, { minItems: 1, description: "Prefixes of the external EPG" }),
      timers_policy: Name("BGP timers policy of the L3Out (bgpCtxPol.name)"),
      ecmp_policy: Type.Optional(Name("BGP address family policy that the VRF gets (bgpCtxAfPol.name)")),
      domains: Type.Array(Type.String(), {
        minItems: 1,
        description: "Domains whose pool must hold the VLANs (uni/phys-P, uni/l3dom-D)",
      }),
      prepared: Type.Boolean({ default: true, description: "False: this run makes pool, domains and ports" }),
      port_model: Type.Enum(["profiles", "port"], { default: "profiles", description: "How this run configures ports" }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "Errors stop the run before anything is changed; warnings are shown. Each names the section of the white paper.",
    "Release, fabric AS, route reflectors, AES key, leaves, scale of the fabric, VRF and its BGP policies, router IDs, VLANs in the pool and free, timers policies, prefixes of other external EPGs.",
    "What the controllers refuse to tell, because the answer is too large or the user lacks a right, is a warning and is not checked.",
    "The use of a VLAN by an EPG is seen for static ports only; one deployed by a domain shows up as a fault.",
  ],
  example: `- name: The fabric has nothing against it
  preflight.fabric:
    tenant: k8s
    vrf: calico
    l3out: calico
    svi: floating
    asn: 65002
    leaves: [{ node_id: 201, router_id: 1.1.4.201 }, { node_id: 202, router_id: 1.1.4.202 }]
    vlans: [310]
    floating_addresses: [192.168.2.253/24]
    prefixes: [192.168.2.0/24, 10.1.0.0/16]
    timers_policy: calico-timers
    ecmp_policy: calico-ecmp
    domains: [uni/phys-k8s-phys, uni/l3dom-k8s-l3dom]`,
  observe: async (reader, { args }) => {
    const found = await gatherFabric(reader, args);
    if (!found.ok) return found;
    const findings = judgeFabric(args, found.value);
    const { release, scaleProfiles } = found.value;
    return ok({
      facts: { release: release ?? null, scale_profiles: [...scaleProfiles] },
      unmet: messages(findings, "error"),
      warnings: messages(findings, "warning"),
      message: `ACI ${release ?? "of unknown release"}: nothing speaks against it`,
    });
  },
});
