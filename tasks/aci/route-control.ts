import { Type } from "#typebox";
import { declareTask } from "../../runner/task-type.ts";
import { L3OutName, State, Tenant } from "./arguments.ts";
import { l3outDn } from "./names.ts";
import { existing, putBack } from "./objects.ts";

/** White paper step 7: import route control, so that only expected prefixes are accepted from the nodes. */
export const routeControl = declareTask({
  name: "aci.route_control",
  summary: "Import route control enforcement on the L3Out",
  steps: [7],
  on: "apic",
  args: Type.Object(
    {
      tenant: Tenant,
      l3out: L3OutName,
      import: Type.Boolean({ default: true, description: "Enforce import as well as export (l3extOut.enforceRtctrl)" }),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "Export enforcement is always on: the controller does not allow otherwise.",
    "With import enforcement and no default-import route map (aci.route_map) nothing is accepted from the nodes.",
    "absent goes back to the controller's default, export only; nothing is done when the L3Out is gone.",
  ],
  example: `
- name: Step 7 - Import route control
  aci.route_control:
    tenant: k8s
    l3out: calico
`,
  desired: ({ args }) => {
    const dn = l3outDn(args.tenant, args.l3out);
    if (args.state === "absent") return [putBack("l3extOut", dn, { enforceRtctrl: ["export"] })];
    return [existing("l3extOut", dn, { enforceRtctrl: args.import ? ["export", "import"] : ["export"] })];
  },
});
