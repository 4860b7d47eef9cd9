import { StateFile } from "../../lab/state.ts";
import { isObject } from "../../runner/json.ts";

/** What a lab that has been stopped looks like, as far as two runs that did the same must agree: one line of text for each thing. */
export function endState(lab: string): readonly string[] {
  const lines = [...fabricLines(lab), ...nodeLines(lab), ...clusterLines(lab)];
  // The API server's port is another one each time a lab starts.
  return lines.map((line) => line.replace(/127\.0\.0\.1:\d+/g, "127.0.0.1")).sort();
}

/** Lines that only one of two states has. */
export function stateDifferences(one: readonly string[], other: readonly string[]): readonly string[] {
  const [a, b] = [new Set(one), new Set(other)];
  return [
    ...one.filter((line) => !b.has(line)).map((line) => `- ${line}`),
    ...other.filter((line) => !a.has(line)).map((line) => `+ ${line}`),
  ];
}

function read(lab: string, part: string): unknown {
  return StateFile.open(lab, part).read();
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const list = isObject(value) ? value[key] : undefined;
  return Array.isArray(list) ? list : [];
}

/** Times that the controller notes. */
const TIMES: ReadonlySet<string> = new Set(["modTs", "createdOn", "created"]);

function fabricLines(lab: string): readonly string[] {
  return listAt(read(lab, "fabric"), "objects").map((object) => {
    if (!isObject(object)) return String(object);
    // The hash beside a password has a salt of its own each time it is set.
    const isHash = String(object.dn).includes("underlay:password");
    const attributes = isObject(object.attributes) ? Object.entries(object.attributes) : [];
    const kept = attributes.filter(([name]) => !TIMES.has(name) && !(isHash && name === "value"));
    return `fabric ${String(object.dn)} ${JSON.stringify(Object.fromEntries(kept))} ${JSON.stringify(object.secure)}`;
  });
}

function nodeLines(lab: string): readonly string[] {
  const nodes = read(lab, "nodes");
  if (!isObject(nodes) || !isObject(nodes.nodes)) return [];
  return Object.entries(nodes.nodes).flatMap(([name, node]) => {
    const files = listAt(node, "files").flatMap((entry) => {
      const [path, file] = Array.isArray(entry) ? entry : [];
      // A change that a node took back and that is made again keeps a second copy of what it replaces: nothing is ever overwritten.
      const isSecondCopy = /\.underlay-backup\.~\d+~$/.test(String(path));
      return isObject(file) && !isSecondCopy
        ? [`node ${name} file ${String(path)} ${String(file.mode)} ${JSON.stringify(file.content)}`]
        : [];
    });
    const links = listAt(node, "links").map((link) => `node ${name} link ${JSON.stringify(link)}`);
    const routes = listAt(node, "routes").map((route) => `node ${name} route ${JSON.stringify(route)}`);
    const timers = listAt(node, "timers").map(
      (timer) => `node ${name} timer ${JSON.stringify(isObject(timer) ? timer.unit : timer)}`,
    );
    const { power, kubeletStopped } = isObject(node) ? node : {};
    return [...files, ...links, ...routes, ...timers, `node ${name} ${JSON.stringify({ power, kubeletStopped })}`];
  });
}

/** Kinds that somebody other than a run keeps, with times or random names in them. */
const LIVELY: ReadonlySet<string> = new Set([
  "Pod",
  "EndpointSlice",
  "Lease",
  "Event",
  "TigeraStatus",
  "CalicoNodeStatus",
  "ControllerRevision",
]);

const TOKEN = "bootstrap.kubernetes.io/token";
/** The signature of a bootstrap token, in ConfigMap cluster-info. */
const TOKEN_SIGNATURE = /^jws-kubeconfig-/;

/**
 * Bootstrap tokens that are in the cluster, by the seconds that they have left. They are no part of the end state: a run that is killed cannot
 * revoke its own, which ends by itself (`token_ttl` of k8s.join).
 */
export function tokensLeft(lab: string): readonly number[] {
  return objectsOf(lab).flatMap((object) => {
    if (object.type !== TOKEN || !isObject(object.data)) return [];
    const expires = Date.parse(Buffer.from(String(object.data.expiration), "base64").toString());
    return [Number.isNaN(expires) ? Number.POSITIVE_INFINITY : Math.round((expires - Date.now()) / 1000)];
  });
}

function objectsOf(lab: string): readonly Readonly<Record<string, unknown>>[] {
  const cluster = read(lab, "cluster");
  if (!isObject(cluster) || !isObject(cluster.objects)) return [];
  const { objects } = cluster;
  return Object.keys(objects).flatMap((storage) => listAt(objects, storage).filter(isObject));
}

function clusterLines(lab: string): readonly string[] {
  return objectsOf(lab).flatMap((object) => {
    if (!isObject(object.metadata) || LIVELY.has(String(object.kind)) || object.type === TOKEN) return [];
    const { name, namespace, labels, annotations } = object.metadata;
    const { apiVersion: _version, kind, metadata: _metadata, status: _status, data, ...rest } = object;
    const kept = isObject(data) ? Object.entries(data).filter(([key]) => !TOKEN_SIGNATURE.test(key)) : undefined;
    const all = { labels, annotations, ...rest, ...(kept === undefined ? {} : { data: Object.fromEntries(kept) }) };
    return [`cluster ${String(kind)} ${String(namespace ?? "")}/${String(name)} ${JSON.stringify(all)}`];
  });
}
