import { builtinOf } from "../objects/builtin-resources.ts";
import type { Controller } from "./world.ts";

/** Every namespace has a ServiceAccount `default`. */
export const defaultServiceAccounts: Controller = (world) => {
  const accounts = builtinOf("ServiceAccount");
  for (const namespace of world.store.list(builtinOf("Namespace").storage)) {
    const name = { name: "default", namespace: namespace.metadata.name };
    if (world.store.get(accounts.storage, name.namespace, name.name) === undefined) {
      world.ensure(accounts, name, {}, "kube-controller-manager");
    }
  }
};
