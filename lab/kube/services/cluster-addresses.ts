import { createHash } from "node:crypto";
import type { Json } from "../../../runner/json.ts";
import { addressAt, addressCount, familyOf, type Prefix, parsePrefix } from "../addresses/prefix.ts";
import type { Controller } from "../controllers/world.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { isJsonObject, type KubeObject, listAt, textAt, valueAt } from "../objects/kube-object.ts";

/** Ports of `--service-node-port-range`. */
const NODE_PORTS = { from: 30_000, count: 2768 };

/** First addresses of a service range, kept for the cluster's own services (`kubernetes`, `kube-dns`). */
const KEPT = 16n;

/**
 * Gives services their addresses, as the API server does: `clusterIPs` by `ipFamilyPolicy`, the main family first, and node ports. Where an
 * address lies in its range follows from a hash of the service's name; what a service has or asks for it keeps.
 */
export function allocateClusterAddresses(subnets: readonly string[]): Controller {
  const ranges = subnets.flatMap((subnet) => {
    const network = parsePrefix(subnet);
    return network === undefined ? [] : [{ family: familyOf(subnet), network }];
  });
  return (world) => {
    const resource = builtinOf("Service");
    const services = world.store.list(resource.storage);
    const taken = new Set(services.flatMap(addressesOf));
    const ports = new Set(services.flatMap(nodePortsOf));
    for (const service of services) {
      if (textAt(service, "spec", "type") === "ExternalName") continue;
      const { name, namespace = "default" } = service.metadata;
      const families = familiesOf(
        service,
        ranges.map((range) => range.family),
      );
      const had = addressesOf(service);
      const [main] = had;
      const addresses = families.flatMap((family) => {
        const range = ranges.find((entry) => entry.family === family);
        const known = had.find((address) => familyOf(address) === family);
        const found = known ?? (range === undefined ? undefined : free(range.network, `${namespace}/${name}`, taken));
        if (found !== undefined) taken.add(found);
        return found ?? [];
      });
      const headless = main === "None";
      const [clusterIP] = headless ? ["None"] : addresses;
      if (clusterIP === undefined) continue;
      const fields: Record<string, Json> = {
        clusterIP,
        clusterIPs: headless ? ["None"] : addresses,
        ipFamilies: families,
        ipFamilyPolicy: textAt(service, "spec", "ipFamilyPolicy") || "SingleStack",
      };
      if (needsNodePorts(service)) fields.ports = withNodePorts(service, ports);
      world.ensure(resource, { name, namespace }, { spec: fields }, "kube-apiserver");
    }
  };
}

/** Families by the policy: as listed, filled up with the cluster's other one where two are wanted. */
function familiesOf(service: KubeObject, cluster: readonly string[]): readonly string[] {
  const [main] = addressesOf(service).filter((address) => address !== "None");
  const listed = listAt(service, "spec", "ipFamilies").map(String);
  const policy = textAt(service, "spec", "ipFamilyPolicy");
  const first = listed[0] ?? (main === undefined ? cluster[0] : familyOf(main));
  const all = [...new Set([...(first === undefined ? [] : [first]), ...listed, ...cluster])];
  return policy === "PreferDualStack" || policy === "RequireDualStack" ? all : all.slice(0, 1);
}

function addressesOf(service: KubeObject): readonly string[] {
  const listed = listAt(service, "spec", "clusterIPs").map(String);
  const one = textAt(service, "spec", "clusterIP");
  return listed.length > 0 || one === "" ? listed : [one];
}

function free(network: Prefix, name: string, taken: ReadonlySet<string>): string | undefined {
  // The last address of an IPv4 range is its broadcast address.
  const usable = addressCount(network) - 1n - KEPT;
  if (usable <= 0n) return undefined;
  const start = createHash("sha256").update(name).digest().readBigUInt64BE() % usable;
  for (let step = 0n; step < usable; step += 1n) {
    const address = addressAt(network, KEPT + ((start + step) % usable));
    if (!taken.has(address)) return address;
  }
  return undefined;
}

function needsNodePorts(service: KubeObject): boolean {
  const type = textAt(service, "spec", "type");
  const asked = valueAt(service, "spec", "allocateLoadBalancerNodePorts") !== false;
  return type === "NodePort" || (type === "LoadBalancer" && asked);
}

function nodePortsOf(service: KubeObject): readonly number[] {
  return listAt(service, "spec", "ports").flatMap((port) => {
    const found = valueAt(port, "nodePort");
    return typeof found === "number" ? [found] : [];
  });
}

function withNodePorts(service: KubeObject, taken: Set<number>): readonly Json[] {
  const { name, namespace = "" } = service.metadata;
  return listAt(service, "spec", "ports").map((port) => {
    if (!isJsonObject(port) || typeof port.nodePort === "number") return port;
    const start = createHash("sha256").update(`${namespace}/${name} ${port.port}`).digest().readUInt32BE();
    let nodePort = NODE_PORTS.from + (start % NODE_PORTS.count);
    while (taken.has(nodePort)) nodePort = NODE_PORTS.from + ((nodePort + 1 - NODE_PORTS.from) % NODE_PORTS.count);
    taken.add(nodePort);
    return { ...port, nodePort };
  });
}
