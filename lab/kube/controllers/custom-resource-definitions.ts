import { builtinOf } from "../objects/builtin-resources.ts";
import { listAt, objectAt, textAt, valueAt } from "../objects/kube-object.ts";
import { hasCondition } from "../objects/registry.ts";
import { type Controller, condition } from "./world.ts";

/** Accepts every definition at once: its resources are served when this is done. */
export const establishDefinitions: Controller = (world) => {
  const resource = builtinOf("CustomResourceDefinition");
  for (const definition of world.store.list(resource.storage)) {
    if (hasCondition(definition, "Established")) continue;
    const stored = listAt(definition, "spec", "versions").filter((version) => valueAt(version, "storage") === true);
    world.setStatus(resource, definition, {
      acceptedNames: objectAt(definition, "spec", "names"),
      storedVersions: stored.map((version) => textAt(version, "name")),
      conditions: [
        condition([], { type: "NamesAccepted", status: true, reason: "NoConflicts", message: "no conflicts found" }),
        condition([], {
          type: "Established",
          status: true,
          reason: "InitialNamesAccepted",
          message: "the initial names have been accepted",
        }),
      ],
    });
  }
};
