import type { PodProgram } from "../../parts.ts";
import { listAt, textAt, valueAt } from "../objects/kube-object.ts";
import type { Api, ApiRequest, Target } from "./request.ts";
import { accept, badRequest, notFound, type Outcome, refuse } from "./status.ts";

/**
 * What a request to `pods/NAME/exec` wants run, or the refusal in the API server's words: no such pod (404), no such container, or more
 * than one and none named (400), not on a node yet (400), container not running (500, which the kubelet says),
 * no kubelet to ask (500).
 */
export function programOf(api: Api, target: Target, request: ApiRequest): Outcome<PodProgram> {
  const name = target.name ?? "";
  const pod = api.store.get(target.resource.storage, target.namespace, name);
  if (pod === undefined) return notFound(target.resource, name);
  const node = textAt(pod, "spec", "nodeName");
  if (node === "") return badRequest(`pod ${name} does not have a host assigned`);

  const containers = listAt(pod, "spec", "containers").map((entry) => textAt(entry, "name"));
  const [only = "", ...others] = containers;
  const wanted = request.query.get("container") ?? "";
  if (wanted === "" && others.length > 0) {
    return badRequest(`a container name must be specified for pod ${name}, choose one of: [${containers.join(" ")}]`);
  }
  const container = wanted === "" ? only : wanted;
  if (!containers.includes(container)) return badRequest(`container ${container} is not valid for pod ${name}`);
  const status = listAt(pod, "status", "containerStatuses").find((entry) => textAt(entry, "name") === container);
  if (valueAt(status, "ready") !== true)
    return refuse(500, "InternalError", `container not found (${JSON.stringify(container)})`);

  if (!api.kubeletRuns(node)) {
    const address = textAt(pod, "status", "hostIP");
    const host = address.includes(":") ? `[${address}]` : address;
    return refuse(500, "InternalError", `error dialing backend: dial tcp ${host}:10250: connect: no route to host`);
  }

  const command = request.query.getAll("command");
  if (command.length === 0) return badRequest("you must specify at least one command for the container");
  const { labels = {} } = pod.metadata;
  return accept({ namespace: pod.metadata.namespace ?? "", pod: name, container, node, labels, command });
}
