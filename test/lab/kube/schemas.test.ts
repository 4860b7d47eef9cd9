import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseAllDocuments } from "yaml";
import { v3Schemas } from "../../../lab/kube/calico/v3-schemas.ts";
import { isJsonObject, listAt, objectAt, textAt, valueAt } from "../../../lab/kube/objects/kube-object.ts";
import { toJsonSchema, unknownFields } from "../../../lab/kube/schema/structural.ts";
import type { Json } from "../../../runner/json.ts";
import { packageRoot } from "../../../runner/package-root.ts";
import { sharedPath } from "../../support/shared.ts";

const CRDS = path.join(packageRoot, "lab", "kube", "charts", "tigera-operator", "crds");

function documents(file: string): readonly Json[] {
  return parseAllDocuments(readFileSync(file, "utf8")).map((document): Json => document.toJS());
}

const definitions = readdirSync(CRDS).flatMap((file) => documents(path.join(CRDS, file)));

function specOf(definition: Json): Json {
  const [version] = listAt(definition, "spec", "versions");
  return objectAt(version, "schema", "openAPIV3Schema", "properties", "spec");
}

/** Every field of a schema with its type and allowed values: `ipPools[].cidr string`. */
function fields(schema: Json | undefined, at = ""): readonly string[] {
  const items = valueAt(schema, "items");
  if (items !== undefined && !isOpen(items)) return fields(items, `${at}[]`);
  const properties = Object.entries(objectAt(schema, "properties"));
  if (properties.length > 0) return properties.flatMap(([name, inner]) => fields(inner, at === "" ? name : `${at}.${name}`));
  const allowed = [...listAt(schema, "enum")].sort();
  return [`${at} ${allowed.length === 0 ? textAt(schema, "type") : JSON.stringify(allowed)}`];
}

function isOpen(schema: Json | undefined): boolean {
  return valueAt(schema, "x-kubernetes-preserve-unknown-fields") === true;
}

const own = suite("the stand-in chart's definitions");

own("every definition is named for its plural and group, and stores one served version", () => {
  assert.ok(definitions.length >= 13);
  for (const definition of definitions) {
    const name = `${textAt(definition, "spec", "names", "plural")}.${textAt(definition, "spec", "group")}`;
    assert.is(textAt(definition, "metadata", "name"), name);
    assert.is(listAt(definition, "spec", "versions").filter((version) => valueAt(version, "storage") === true).length, 1);
  }
});

own("an Installation with a mistyped pool field is found out", () => {
  const definition = definitions.find((entry) => textAt(entry, "metadata", "name").startsWith("installations"));
  const schema = valueAt(listAt(definition, "spec", "versions")[0], "schema", "openAPIV3Schema");
  const object = { spec: { calicoNetwork: { ipPools: [{ cidr: "10.1.0.0/16", blocksize: 26 }] }, logging: { anything: 1 } } };
  assert.equal(unknownFields(schema, object), ["spec.calicoNetwork.ipPools[0].blocksize"]);
});

own("schemas lose what only Kubernetes understands", () => {
  const schema = toJsonSchema({ type: "string", format: "cidr", "x-kubernetes-list-type": "set", pattern: "^(?i)(a)$" });
  assert.equal(schema, { type: "string" });
  assert.equal(toJsonSchema({ "x-kubernetes-int-or-string": true }), { type: ["integer", "string"] });
});

own.run();

const upstream = suite("schemas against Calico's");
const calico = sharedPath("crds", "calico-v3.32.1");
const operator = sharedPath("crds", "tigera-operator-v1.42.3");
if (calico === undefined || operator === undefined)
  console.log("skipped: schemas against Calico's (the upstream definitions are not here)");
const compare = calico === undefined || operator === undefined ? upstream.skip : upstream;

/** Fields that came with Calico 3.32; the lab plays 3.31 (facts, cni.md 1.3). */
const NEWER =
  /keepaliveTime|programClusterRoutes|NormalRoutePriority|peerType|priority|communities\.values|asPathPrefix|operations/;

/** Where the lab says more than the definition: what Calico's API server checks in code, and AS numbers of four bytes. */
const STRICTER = ["logSeverityScreen", "exportV4[].source", "exportV6[].source", "importV4[].source", "importV6[].source"];

for (const kind of ["BGPConfiguration", "BGPPeer", "BGPFilter", "IPPool", "CalicoNodeStatus"]) {
  compare(`${kind} has the fields of the real one`, () => {
    const plural = kind === "CalicoNodeStatus" ? "caliconodestatuses" : `${kind.toLowerCase()}s`;
    const [definition = null] = documents(path.join(calico ?? "", `projectcalico.org_${plural}.yaml`));
    const known = (field: string) => !NEWER.test(field) && !STRICTER.some((name) => field.startsWith(`${name} `));
    const ours = fields(valueAt(v3Schemas[kind], "properties", "spec")).filter(known);
    const theirs = fields(specOf(definition)).map(withoutAllOf).filter(known);
    assert.equal([...ours].sort(), [...theirs].sort());
  });
}

/** `reversePeering` says its values in two nested lists upstream, which this comparison does not follow. */
function withoutAllOf(field: string): string {
  return field === "reversePeering string" ? 'reversePeering ["Auto","Manual"]' : field;
}

for (const [plural, newer] of [
  ["installations", ["calicoNetwork.clusterRoutingMode"]],
  ["apiservers", []],
] as const) {
  compare(`${plural} have the fields of the real ones, as deep as the lab describes them`, () => {
    const [definition = null] = documents(path.join(operator ?? "", `operator.tigera.io_${plural}.yaml`));
    const found = definitions.find((entry) => textAt(entry, "metadata", "name") === `${plural}.operator.tigera.io`);
    const ours = fields(specOf(found ?? null));
    const theirs = fields(cut(specOf(definition), specOf(found ?? null)));
    const known = theirs.filter((field) => !newer.some((name) => field.startsWith(name)));
    assert.equal([...ours].sort(), [...known].sort());
  });
}

/** The first schema, closed wherever the second is open. */
function cut(schema: Json | undefined, like: Json | undefined): Json {
  if (!isJsonObject(schema)) return {};
  if (isOpen(like)) return { type: "object" };
  const items = valueAt(schema, "items");
  if (items !== undefined)
    return {
      ...schema,
      items: isOpen(valueAt(like, "items")) ? { type: "object", ...open } : cut(items, valueAt(like, "items")),
    };
  const properties = Object.entries(objectAt(schema, "properties"));
  if (properties.length === 0) return schema;
  return {
    ...schema,
    properties: Object.fromEntries(properties.map(([name, inner]) => [name, cut(inner, valueAt(like, "properties", name))])),
  };
}

const open = { "x-kubernetes-preserve-unknown-fields": true };

upstream.run();
