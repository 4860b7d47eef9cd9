import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isObject } from "../../runner/json.ts";

/** A stand-in for calicoctl that keeps objects in a file. */
export interface CalicoctlStandIn {
  readonly program: string;
  /** Objects it keeps now. */
  objects(): readonly Record<string, unknown>[];
  /** Its calls, `get bgppeers -o json`. */
  calls(): readonly string[];
}

/**
 * Makes a calicoctl in a folder. What of the real one it does, after its sources and reference: `get KINDS -o json` gives a typed list;
 * `apply -f -` takes several documents and replaces whole objects, labels and annotations included, but refuses what its validator would
 * (an unknown kind, a BGPPeer without an AS); `delete -f -` fails on absent objects unless `--skip-not-exists`; it insists on
 * DATASTORE_TYPE and KUBECONFIG and, as version `clusterVersion` says, on the cluster's version.
 */
export function calicoctlStandIn(folder: string, kept: readonly unknown[] = [], clusterVersion = "v3.31.7"): CalicoctlStandIn {
  const program = path.join(folder, "calicoctl");
  const file = path.join(folder, "kept.json");
  const log = path.join(folder, "calicoctl-calls");
  writeFileSync(file, JSON.stringify(kept));
  writeFileSync(program, `#!${process.execPath}\n${script(file, log, clusterVersion)}`);
  chmodSync(program, 0o755);
  return {
    program,
    objects: () => {
      const objects: unknown = JSON.parse(readFileSync(file, "utf8"));
      return Array.isArray(objects) ? objects.filter(isObject) : [];
    },
    calls: () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []),
  };
}

/** As CommonJS: a file without extension outside of any package. */
function script(file: string, log: string, clusterVersion: string): string {
  return `
const fs = require("node:fs");
const args = process.argv.slice(2);
fs.appendFileSync(${JSON.stringify(log)}, args.join(" ") + "\\n");
const fail = (text) => { process.stderr.write(text + "\\n"); process.exit(1); };
const kinds = { bgppeers: "BGPPeer", bgpconfigurations: "BGPConfiguration", bgpfilters: "BGPFilter", ippools: "IPPool" };
if (process.env.DATASTORE_TYPE !== "kubernetes" || !process.env.KUBECONFIG) fail("Failed to create Calico API client");
if (${JSON.stringify(clusterVersion)} !== "v3.31.7")
  fail("Version mismatch.\\nClient Version:   v3.31.7\\nCluster Version:  ${clusterVersion}\\nUse --allow-version-mismatch to override.");
const same = (one) => (other) => one.kind === other.kind && one.metadata.name === other.metadata.name;
let objects = JSON.parse(fs.readFileSync(${JSON.stringify(file)}, "utf8"));
const [verb, ...rest] = args;
const given = () => {
  if (rest[0] !== "-f" || rest[1] !== "-") fail("expected -f -");
  return fs.readFileSync(0, "utf8").split(/^---$/m).map((text) => JSON.parse(text));
};
if (verb === "get") {
  const kind = kinds[rest[0]];
  if (kind === undefined || rest[1] !== "-o" || rest[2] !== "json") fail("resource type '" + rest[0] + "' is not supported");
  const items = objects.filter((object) => object.kind === kind);
  process.stdout.write(JSON.stringify({ kind: kind + "List", apiVersion: "projectcalico.org/v3", metadata: {}, items }));
} else if (verb === "apply") {
  for (const object of given()) {
    if (!Object.values(kinds).includes(object.kind)) fail("Unknown object type: " + object.kind);
    if (object.kind === "BGPPeer" && object.spec.asNumber === undefined) fail("error with field ASNumber");
    const before = objects.find(same(object));
    const uid = before === undefined ? "uid-" + objects.length : before.metadata.uid;
    const version = String(Number(before === undefined ? 0 : before.metadata.resourceVersion) + 1);
    objects = objects.filter((other) => !same(object)(other));
    objects.push({ ...object, metadata: { ...object.metadata, uid, resourceVersion: version } });
  }
} else if (verb === "delete") {
  for (const object of given()) {
    if (!objects.some(same(object)) && !rest.includes("--skip-not-exists")) fail("resource does not exist: " + object.metadata.name);
    objects = objects.filter((other) => !same(object)(other));
  }
} else fail("unknown command " + verb);
fs.writeFileSync(${JSON.stringify(file)}, JSON.stringify(objects));
`;
}
