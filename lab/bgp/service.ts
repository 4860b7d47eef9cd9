import { isObject } from "../../runner/json.ts";
import type { LabKubeObject } from "../parts.ts";
import { at, type ClusterReader, listAt, textAt, textsAt } from "./kube-read.ts";
import { withoutLength } from "./prefix.ts";

/** A Service with the addresses that can be told to the fabric and where its endpoints are. */
export interface ServiceView {
  readonly object: LabKubeObject;
  readonly clusterIps: readonly string[];
  readonly externalIps: readonly string[];
  readonly loadBalancerIps: readonly string[];
  /** externalTrafficPolicy Local: only nodes with an endpoint take traffic for external and load balancer addresses. */
  readonly isLocalOutside: boolean;
  /** internalTrafficPolicy Local: the same for the cluster address. */
  readonly isLocalInside: boolean;
  readonly nodesWithEndpoint: ReadonlySet<string>;
  readonly nodesWithReadyEndpoint: ReadonlySet<string>;
}

/** All Services, in order of their names. */
export function servicesOf(cluster: ClusterReader): ServiceView[] {
  const slices = cluster.list("EndpointSlice");
  return cluster.list("Service").map((object) => {
    const endpoints = slices
      .filter(({ metadata }) => metadata.namespace === object.metadata.namespace)
      .filter(({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === object.metadata.name)
      .flatMap((slice) => listAt(slice, "endpoints"))
      .filter(isObject);
    const nodes = (isWanted: (endpoint: unknown) => boolean) =>
      new Set(endpoints.filter(isWanted).flatMap((endpoint) => textAt(endpoint, "nodeName") ?? []));
    const clusterIps = textsAt(object, "spec", "clusterIPs");
    return {
      object,
      clusterIps: addresses(clusterIps.length > 0 ? clusterIps : [textAt(object, "spec", "clusterIP")]),
      externalIps: addresses(textsAt(object, "spec", "externalIPs")),
      loadBalancerIps: addresses(listAt(object, "status", "loadBalancer", "ingress").map((ingress) => textAt(ingress, "ip"))),
      isLocalOutside: textAt(object, "spec", "externalTrafficPolicy") === "Local",
      isLocalInside: textAt(object, "spec", "internalTrafficPolicy") === "Local",
      nodesWithEndpoint: nodes(() => true),
      nodesWithReadyEndpoint: nodes((endpoint) => at(endpoint, "conditions", "ready") !== false),
    };
  });
}

function addresses(texts: readonly (string | undefined)[]): string[] {
  return texts.filter((text) => text !== undefined && text !== "" && text !== "None").map((text) => withoutLength(text ?? ""));
}
