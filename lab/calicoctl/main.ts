import { readFileSync } from "node:fs";
import { calicoctl } from "./commands.ts";
import { openDatastore } from "./datastore.ts";

/**
 * The lab's stand-in for calicoctl, which no registry package carries: what of the real one underlay needs where a cluster has no API server
 * of Calico's (after its reference and sources): get, create, apply and delete of BGP objects and pools in the Kubernetes datastore. It is
 * started by the file that `installCalicoctl` writes; arguments are calicoctl's, the first before them its version.
 */
const [, , version = "", ...args] = process.argv;
const { DATASTORE_TYPE, KUBECONFIG, K8S_CURRENT_CONTEXT } = process.env;
try {
  if (DATASTORE_TYPE !== "kubernetes" || KUBECONFIG === undefined) {
    throw new Error(
      "Failed to create Calico API client: this stand-in of the lab needs DATASTORE_TYPE=kubernetes and KUBECONFIG",
    );
  }
  const input = args.includes("-f") ? readFileSync(0, "utf8") : "";
  const datastore = openDatastore(KUBECONFIG, K8S_CURRENT_CONTEXT);
  process.stdout.write(await calicoctl({ args, input, datastore, version }));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
