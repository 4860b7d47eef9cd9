import type { Json } from "../../runner/json.ts";
import { type KubeObject, textAt } from "../kube/objects/kube-object.ts";
import type { Datastore } from "./datastore.ts";
import { API, kindOf, objectsIn, pluralOf, shown, stored, validate } from "./objects.ts";

/** What a call works on. */
export interface Call {
  /** Without the program's name: `["get", "bgppeers", "-o", "json"]`. */
  readonly args: readonly string[];
  /** Standard input; empty when nothing was sent. */
  readonly input: string;
  readonly datastore: Datastore;
  /** calicoctl's own version, `v3.31.7`. */
  readonly version: string;
}

type Verb = (call: Call, words: readonly string[]) => Promise<string>;

/** `get KIND -o json`: a typed list of all objects of a kind. */
const get: Verb = async ({ datastore, args }, [word = ""]) => {
  const kind = kindOf(word);
  if (kind === undefined) throw new Error(`resource type '${word}' is not supported`);
  const format = args[args.indexOf("-o") + 1];
  if (!args.includes("-o") || format !== "json") throw new Error("this stand-in of the lab prints -o json only");
  const items: Json = (await datastore.list(pluralOf(kind))).map(shown);
  return JSON.stringify({ kind: `${kind}List`, apiVersion: API, metadata: {}, items }, null, 2);
};

/** `create -f -` and `apply -f -`: the latter replaces whole objects, labels and annotations included. */
const write =
  (replaces: boolean): Verb =>
  async ({ datastore, input }) => {
    const objects = objectsIn(input);
    await validate(objects);
    for (const object of objects) {
      const plural = pluralOf(object.kind);
      const found = await datastore.get(plural, object.metadata.name);
      if (found === undefined) await datastore.create(plural, stored(object, undefined));
      else if (replaces) await datastore.replace(plural, stored(object, found));
      else throw new Error(`Failed to create '${object.kind}' resource: [resource already exists: ${named(object)}]`);
    }
    return summary(replaces ? "applied" : "created", objects);
  };

/** `delete -f -`: absent objects are a failure, unless `--skip-not-exists`. */
const remove: Verb = async ({ datastore, input, args }) => {
  const objects = objectsIn(input);
  for (const object of objects) {
    const plural = pluralOf(object.kind);
    const { name } = object.metadata;
    if ((await datastore.get(plural, name)) !== undefined) await datastore.remove(plural, name);
    else if (!args.includes("--skip-not-exists")) {
      throw new Error(`Failed to delete '${object.kind}' resource: [resource does not exist: ${named(object)}]`);
    }
  }
  return summary("deleted", objects);
};

const VERBS: Readonly<Record<string, Verb>> = { get, create: write(false), apply: write(true), delete: remove };

/**
 * Carries out a call; gives what calicoctl prints.
 *
 * @throws Error with what it says on standard error
 */
export async function calicoctl(call: Call): Promise<string> {
  const [verb = "", ...words] = call.args;
  if (verb === "version") return `Client Version:    ${call.version}\n`;
  const command = VERBS[verb];
  if (command === undefined) throw new Error(`Unknown command: ${verb}`);
  if (verb !== "get" && words.slice(0, 2).join(" ") !== "-f -") throw new Error("this stand-in of the lab reads -f - only");
  await refuseMismatch(call);
  return `${await command(call, words)}\n`;
}

/** calicoctl works with a cluster of its own version only. */
async function refuseMismatch({ args, datastore, version }: Call): Promise<void> {
  const cluster = textAt(await datastore.get("clusterinformations", "default"), "spec", "calicoVersion");
  if (args.includes("--allow-version-mismatch") || cluster === "" || cluster === version) return;
  const words = [`Client Version:   ${version}`, `Cluster Version:  ${cluster}`, "Use --allow-version-mismatch to override."];
  throw new Error(["Version mismatch.", ...words].join("\n"));
}

function named({ kind, metadata }: KubeObject): string {
  return `${kind}(${metadata.name})`;
}

function summary(done: string, objects: readonly KubeObject[]): string {
  const kinds = [...new Set(objects.map(({ kind }) => kind))];
  return `Successfully ${done} ${objects.length} ${kinds.length === 1 ? `'${kinds[0]}' ` : ""}resource(s)`;
}
