import { condition, type World } from "../controllers/world.ts";
import { listAt } from "../objects/kube-object.ts";
import { OPERATOR, tigeraStatuses } from "./kinds.ts";

/** State of one of the operator's components. */
export type ComponentState =
  | { readonly state: "available" }
  | { readonly state: "progressing"; readonly message: string }
  | { readonly state: "degraded"; readonly reason: string; readonly message: string };

/** Writes a component's TigeraStatus: the conditions Available, Progressing and Degraded. */
export function reportComponent(world: World, name: string, component: ComponentState): void {
  world.ensure(tigeraStatuses, { name }, { spec: {} }, OPERATOR);
  const object = world.store.get(tigeraStatuses.storage, undefined, name);
  if (object === undefined) return;
  const known = listAt(object, "status", "conditions");
  const available = component.state === "available";
  const progressing = component.state === "progressing";
  const degraded = component.state === "degraded";
  const fine = { reason: "AllObjectsAvailable", message: "All objects available" };
  const waiting = progressing
    ? { reason: "ResourceNotReady", message: component.message }
    : { reason: "NotApplicable", message: "" };
  const broken = degraded ? { reason: component.reason, message: component.message } : { reason: "NotApplicable", message: "" };
  world.setStatus(tigeraStatuses, object, {
    conditions: [
      condition(known, { type: "Available", status: available, ...(available ? fine : { reason: "NotApplicable" }) }),
      condition(known, { type: "Progressing", status: progressing, ...waiting }),
      condition(known, { type: "Degraded", status: degraded, ...broken }),
    ],
  });
}
