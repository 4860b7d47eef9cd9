import { type Static, Type } from "#typebox";
import type { KubeObject, Manifest } from "../../runner/connect/cluster.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import { actionTask } from "../../runner/task-type.ts";
import type { JoiningNode } from "./join-configuration.ts";
import { ADDED, cordonedAfterJoin, cordonJoined } from "./join-cordon.ts";
import { CLUSTER_INFO, KUBEADM_CONFIG, readDiscovery } from "./join-discovery.ts";
import { joinNodes } from "./join-nodes.ts";
import { readyToJoin } from "./join-preconditions.ts";
import { removeLeftFile } from "./kubeadm.ts";
import { CORDONED, JOINING } from "./node-marks.ts";
import { nodeNamed, nodeState } from "./node-state.ts";

/** kubeadm's label of a control plane node. */
const CONTROL_PLANE = "node-role.kubernetes.io/control-plane";

const Arguments = Type.Object(
  {
    nodes: Type.Array(
      Type.Object(
        {
          name: Type.String({ minLength: 1 }),
          addresses: Type.Array(Type.String({ format: "interface-address" }), { minItems: 1, maxItems: 2 }),
        },
        { additionalProperties: true },
      ),
      { minItems: 1, description: "Who shall be in the cluster: items of `underlay.nodes`; other keys may serve `labels`" },
    ),
    control_planes: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description: "Control plane nodes of the inventory, those that join among them",
    }),
    labels: Type.Record(Type.String(), Type.String({ minLength: 1 }), {
      default: {},
      description: "Labels that the kubelet registers with: by label key, the key of the node's item that has its value",
    }),
    api_endpoint: Type.Optional(
      Type.String({
        pattern: "^\\S+:[0-9]+$",
        description: "Where nodes reach the API server, `k8s-api.example.com:6443`; default: what cluster-info says",
      }),
    ),
    token_ttl: Type.Integer({
      minimum: 60,
      maximum: 86400,
      default: 900,
      description: "Seconds after which the token ends by itself, should nobody be left to revoke it",
    }),
    timeout: Type.Integer({
      minimum: 30,
      maximum: 3600,
      default: 600,
      description: "Seconds for kubeadm on each node, and until its Node is there",
    }),
  },
  { additionalProperties: false },
);

/** Lets machines into the cluster: over SSH on the machines, with a token made for them alone. */
export const join = actionTask({
  name: "k8s.join",
  summary: "kubeadm join on the machines that are not in the cluster yet",
  steps: [],
  on: "localhost",
  args: Arguments,
  notes: [
    "One bootstrap token for all of them, revoked at the end whatever happened; a run that is killed leaves it until `token_ttl`. Endpoint and hash of the CA come from ConfigMap kube-public/cluster-info.",
    "A node that stands in `control_planes` joins as one, and these one after another. The key for their certificates is made here and uploaded by kubeadm on a control plane node that is in the cluster; the Secret kubeadm-certs with what it encrypts ends by itself after two hours.",
    "Token and key reach a machine by standard input and lie there in a file for root alone, in memory (/run), while kubeadm runs.",
    `The Node registers with the taint ${JOINING.key}, is cordoned (annotation ${CORDONED}) and loses the taint: no pod is put there before it is uncordoned. One that an earlier run left with the taint is finished, its file removed.`,
    "The kubelet's --node-ip is the node's addresses. Its name is the inventory's. kubelet, kubeadm and a container runtime must be installed.",
    "A machine that still has credentials of a cluster is refused: k8s.reset first. Fact: `joined`, the names.",
  ],
  example: `- name: kubeadm join
  k8s.join:
    nodes: "{{ underlay.nodes }}"
    control_planes: [master-1]
    labels: { rack_id: rack_id }`,
  refuse: ({ labels }) =>
    Object.keys(labels)
      .filter((label) => /(^|\.)(kubernetes|k8s)\.io\//.test(label))
      .map((label) => ({
        argument: ["labels", label],
        message: "is reserved: a kubelet may not give it to itself",
        hint: "set it afterwards, with k8s.node_label",
      })),
  plan: async (reader, { args, host }, elsewhere) => {
    const names = [...new Set([...args.nodes.map(({ name }) => name), ...args.control_planes])];
    const found = await reader.objects([...names.map(nodeNamed), CLUSTER_INFO, KUBEADM_CONFIG]);
    if (!found.ok) return found;
    const states = new Map(
      found.value.filter(({ kind }) => kind === "Node").map((node) => [node.metadata.name, nodeState(node)]),
    );
    const joining = args.nodes.filter(({ name }) => !states.has(name)).map((node) => joiningNode(node, args));
    const unfinished = args.nodes.map(({ name }) => name).filter((name) => states.get(name)?.joining === true);
    if (joining.length + unfinished.length === 0) {
      return ok({ changes: [], facts: { joined: [] }, apply: async () => ok(undefined) });
    }
    const discovery = joining.length === 0 ? ok(undefined) : readDiscovery(found.value, args.api_endpoint);
    if (!discovery.ok) return discovery;
    // Before the CNI no node is Ready, and can help all the same.
    const members = args.control_planes.filter((name) => states.has(name));
    const helper = members.find((name) => states.get(name)?.ready === true) ?? members[0];
    if (helper === undefined && joining.some(({ controlPlane }) => controlPlane)) return noControlPlane(args.control_planes);
    const ready = await readyToJoin(joining, elsewhere);
    if (!ready.ok) return ready;

    const side = await elsewhere.at("localhost", host);
    if (!side.ok) return side;
    const planned = await side.value.plan([...joining.map(asNode), ...unfinished.map(cordonedAfterJoin)]);
    if (!planned.ok) return planned;
    const { token_ttl: tokenTtl, timeout } = args;
    return ok({
      changes: planned.value.changes,
      unknown: planned.value.unknown,
      facts: { joined: joining.map(({ name }) => name) },
      project: () => planned.value.project(),
      apply: async (writer, during) => {
        const joined =
          discovery.value === undefined
            ? ok(undefined)
            : await joinNodes({
                nodes: ready.value,
                discovery: discovery.value,
                helper,
                tokenTtl,
                timeout,
                reader,
                writer,
                during,
              });
        await Promise.all(unfinished.map((name) => removeLeftFile(during, name)));
        // Those that are in are cordoned also when others failed.
        const cordoned = await cordonJoined(during, host, reader, [...joining.map(({ name }) => name), ...unfinished]);
        return joined.ok ? cordoned : joined;
      },
    });
  },
});

function joiningNode(node: Static<typeof Arguments>["nodes"][number], args: Static<typeof Arguments>): JoiningNode {
  const given = new Map<string, unknown>(Object.entries(node));
  const labels = Object.entries(args.labels).flatMap(([label, key]) => {
    const value = given.get(key);
    return value === undefined || value === null ? [] : [[label, String(value)] as const];
  });
  return {
    name: node.name,
    addresses: node.addresses.map((address) => address.split("/", 1)[0] ?? address),
    labels: Object.fromEntries(labels),
    controlPlane: args.control_planes.includes(node.name),
  };
}

/** The Node as it will be once it has joined and is cordoned. */
function asNode({ name, labels, controlPlane }: JoiningNode): Manifest {
  const role = controlPlane ? { [CONTROL_PLANE]: "" } : {};
  const object: KubeObject = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { ...labels, ...role }, annotations: { [CORDONED]: ADDED } },
    spec: { unschedulable: true },
  };
  return { kind: "manifest", state: "present", object };
}

function noControlPlane(names: readonly string[]): Result<never> {
  return failed({
    kind: "failed",
    doing: "looking for a control plane node that is in the cluster",
    message: names.length === 0 ? "control_planes names none" : `none of ${names.join(", ")} is in the cluster`,
    meaning: "a control plane node joins with certificates that another one uploads",
    next: "name a control plane node that runs, in control_planes (inventory: control_plane: true)",
  });
}
