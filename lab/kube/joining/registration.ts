import type { LabNode } from "../../spec.ts";
import type { World } from "../controllers/world.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { listAt, textAt } from "../objects/kube-object.ts";

/** How a kubelet registers its Node: its addresses, and the labels and taints that it was started with (--node-labels, --register-with-taints). */
export interface Registration {
  readonly name: string;
  /** InternalIPs, the main family first. */
  readonly addresses: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
}

/** Label of control planes, and key of their taint. */
const CONTROL_PLANE = "node-role.kubernetes.io/control-plane";
const CONTROL_PLANE_TAINT = { key: CONTROL_PLANE, effect: "NoSchedule" } as const;

/** The registration of a node that kubeadm put into the cluster before anybody else came. */
export function registrationOf(node: LabNode): Registration {
  const addresses = node.addresses.map((address) => address.split("/", 1)[0] ?? "");
  return { name: node.name, addresses, labels: {}, taints: [] };
}

/** Makes the Node as its kubelet does; where it is there already, only what a kubelet keeps up is written. */
export function registerNode(world: World, registration: Registration, kubeletVersion: string): void {
  const resource = builtinOf("Node");
  const { name, labels, taints } = registration;
  const found = world.store.get(resource.storage, undefined, name);
  const platform = Object.fromEntries(
    ["kubernetes.io", "beta.kubernetes.io"].flatMap((domain) => [
      [`${domain}/os`, "linux"],
      [`${domain}/arch`, "amd64"],
    ]),
  );
  const standard = { ...platform, "kubernetes.io/hostname": name };
  const addresses = [
    ...registration.addresses.map((address) => ({ type: "InternalIP", address })),
    { type: "Hostname", address: name },
  ];
  const bootID = world.machines.bootId(name);
  const nodeInfo = {
    architecture: "amd64",
    operatingSystem: "linux",
    kubeletVersion,
    containerRuntimeVersion: "containerd://2.1.4",
    osImage: "Ubuntu 24.04 LTS",
    kernelVersion: "6.8.0-60-generic",
    ...(bootID === undefined ? {} : { bootID }),
  };
  world.ensure(
    resource,
    { name },
    {
      metadata: { labels: found === undefined ? { ...labels, ...standard } : standard },
      ...(found !== undefined || taints.length === 0 ? {} : { spec: { taints: taints.map((taint) => ({ ...taint })) } }),
      status: { addresses, nodeInfo },
    },
    "kubelet",
  );
}

/** kubeadm's marks of a control plane: unlike a worker's, its taints are not told to the kubelet, so they do not come back with it. */
export function markControlPlane(world: World, name: string, wanted: Registration["taints"] = [CONTROL_PLANE_TAINT]): void {
  const resource = builtinOf("Node");
  const taints = listAt(world.store.get(resource.storage, undefined, name), "spec", "taints");
  const missing = wanted.filter(
    ({ key, effect }) => !taints.some((one) => textAt(one, "key") === key && textAt(one, "effect") === effect),
  );
  const metadata = { labels: { [CONTROL_PLANE]: "" } };
  const spec = { taints: [...taints, ...missing.map((taint) => ({ ...taint }))] };
  world.ensure(resource, { name }, missing.length === 0 ? { metadata } : { metadata, spec }, "kubeadm");
}

/** Registrations as they were saved. */
export function savedRegistrations(saved: readonly unknown[]): readonly Registration[] {
  return saved.flatMap((entry) => (isRegistration(entry) ? [entry] : []));
}

function isRegistration(entry: unknown): entry is Registration {
  if (typeof entry !== "object" || entry === null || !("name" in entry) || !("addresses" in entry)) return false;
  return typeof entry.name === "string" && Array.isArray(entry.addresses) && "labels" in entry && "taints" in entry;
}
