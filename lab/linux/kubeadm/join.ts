import { type Call, fail, homeOf, type Output, ok } from "../command.ts";
import { absolute, namesIn, readFile } from "../files.ts";
import { KUBELET_CREDENTIALS, type Machine } from "../machine.ts";
import { hostPart, routeTo } from "../network.ts";
import { type Join, kubeletArgument, readJoin } from "./configuration.ts";
import { CA_FILE, joinedFiles, MANIFESTS } from "./files.ts";

/** Milliseconds that a join takes in the lab: pulled images, the kubelet's start. */
const JOINING = 200;

const STACK = "To see the stack trace of this error execute with --v=5 or higher";

/** What a control plane node is tainted with unless its configuration says otherwise. */
const CONTROL_PLANE_TAINT = { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" };

/** `kubeadm join --config FILE`: the checks that come first, discovery, the kubelet's registration. */
export async function join(call: Call, file: string): Promise<Output> {
  const { machine, user, sleep } = call;
  const text = readFile(machine.files, absolute(file, homeOf(user)), user);
  if (!text.ok) return fail(1, `unable to read config from "${file}" : open ${file}: ${text.fault.toLowerCase()}\n${STACK}`);
  const read = readJoin(text.value);
  if (!read.ok) return fail(1, `${read.error}\n${STACK}`);
  const begun = "[preflight] Running pre-flight checks\n";
  const there = alreadyThere(machine);
  if (there.length > 0) {
    const errors = there.map((line) => `\t[ERROR ${line}\n`).join("");
    return fail(
      1,
      `error execution phase preflight: [preflight] Some fatal errors occurred:\n${errors}[preflight] If you know what you are doing, you can make a check non-fatal with \`--ignore-preflight-errors=...\`\n${STACK}`,
      begun,
    );
  }
  const { token, apiServerEndpoint, caCertHashes } = read.value.discovery.bootstrapToken;
  const refused = (reason: string) => fail(1, `error execution phase preflight: ${reason}\n${STACK}`, begun);
  if (!/^[a-z0-9]{6}\.[a-z0-9]{16}$/.test(token))
    return refused("the bootstrap token is not of the form [a-z0-9]{6}.[a-z0-9]{16}");
  const silent = unreachable(machine, apiServerEndpoint);
  if (silent !== undefined) return refused(`couldn't validate the identity of the API Server: ${silent}`);
  const cluster = machine.cluster();
  if (cluster === undefined) return refused("couldn't validate the identity of the API Server: there is no cluster");
  await sleep(JOINING);
  const { controlPlane } = read.value;
  const accepted = cluster.join({
    node: read.value.nodeRegistration?.name ?? machine.spec.name,
    token,
    caCertHashes: caCertHashes ?? [],
    addresses: addressesOf(machine, read.value),
    labels: labelsOf(kubeletArgument(read.value, "node-labels") ?? ""),
    taints: read.value.nodeRegistration?.taints ?? (controlPlane === undefined ? [] : [CONTROL_PLANE_TAINT]),
    certificateKey: controlPlane === undefined ? undefined : (controlPlane.certificateKey ?? ""),
  });
  if (!accepted.ok) return fail(1, `${accepted.error}\n${STACK}`, begun);
  joinedFiles(machine.files, controlPlane !== undefined);
  machine.kubeletStopped = false;
  machine.changed();
  return ok(
    `${begun}[kubelet-start] Starting the kubelet\n\nThis node has joined the cluster:\n* Certificate signing request was sent to apiserver and a response was received.\n* The Kubelet was informed of the new secure connection details.\n`,
  );
}

/** What an earlier join left, in the words of kubeadm's checks. */
function alreadyThere({ files }: Machine): readonly string[] {
  const name = (path: string) => path.replaceAll("/", "-");
  return [
    ...(namesIn(files, MANIFESTS).length > 0 ? [`DirAvailable-${name(MANIFESTS)}]: ${MANIFESTS} is not empty`] : []),
    ...[KUBELET_CREDENTIALS, CA_FILE]
      .filter((path) => files.has(path))
      .map((path) => `FileAvailable-${name(path)}]: ${path} already exists`),
  ];
}

/** Why the API server cannot be reached: no way there, or a gateway on the way that does not answer. */
function unreachable(machine: Machine, endpoint: string): string | undefined {
  const host = endpoint.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  const route = routeTo(machine.network, host);
  const answered = route !== undefined && (route.gateway === undefined || machine.gatewayAnswers(route.gateway));
  // A name is resolved by a server that is not in the node's subnet.
  const named = route === undefined && !/^[0-9.]+$|:/.test(host);
  const byName = named && machine.spec.gateways.some((gateway) => machine.gatewayAnswers(gateway));
  if (answered || byName) return undefined;
  const request = `Get "https://${endpoint}/api/v1/namespaces/kube-public/configmaps/cluster-info?timeout=10s"`;
  return `failed to request the cluster-info ConfigMap: ${request}: dial tcp ${endpoint}: connect: no route to host`;
}

/** `--node-ip`, else the addresses the kubelet finds: those of the links with a default route. */
function addressesOf({ network, spec }: Machine, join: Join): readonly string[] {
  const given = kubeletArgument(join, "node-ip");
  if (given !== undefined) return given.split(",");
  const devices = new Set(network.routes.filter(({ destination }) => destination === "default").map(({ device }) => device));
  const found = [...network.links.values()].filter(({ name }) => devices.has(name)).flatMap(({ addresses }) => addresses);
  return (found.length > 0 ? found : spec.addresses).map(hostPart);
}

/** `a=b,c=d` of `--node-labels`. */
function labelsOf(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(",").flatMap((pair) => {
    const [key = "", value = ""] = pair.split("=");
    return key === "" ? [] : [[key, value] as const];
  });
  return Object.fromEntries(pairs);
}
