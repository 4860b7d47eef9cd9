import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseAllDocuments } from "yaml";
import { Type } from "#typebox";
import { packageRoot } from "../../runner/package-root.ts";
import { check } from "../../runner/schema.ts";
import { Secret } from "../../runner/secret.ts";

const Fixture = Type.Object(
  {
    name: Type.String(),
    args: Type.Record(Type.String(), Type.Unknown()),
    /** What the controller holds: DN to class, or to class and properties. */
    found: Type.Record(Type.String(), Type.Unknown()),
    changes: Type.Optional(Type.Array(Type.Unknown())),
    /** Words of each warning, in order: what stays, and why. */
    warnings: Type.Array(Type.String(), { default: [] }),
    /** Words of the failure that planning must end with. */
    fails: Type.Optional(Type.String()),
    /** False when `found` held objects that the task changed: absent cannot bring those back. */
    undo: Type.Boolean({ default: true }),
  },
  { additionalProperties: false },
);
const FixtureFile = Type.Object({ task: Type.String(), fixtures: Type.Array(Fixture) }, { additionalProperties: false });

/** Arguments and found state of one task type, and the changes that must follow. */
export interface AciFixture {
  readonly task: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly found: ReadonlyMap<string, { readonly className: string; readonly attributes: Readonly<Record<string, string>> }>;
  readonly changes: readonly unknown[];
  readonly warnings: readonly string[];
  readonly fails: string | undefined;
  readonly undo: boolean;
}

/** All fixtures under `test/fixtures/aci`. A file may hold several documents, one for each task type. */
export function aciFixtures(): AciFixture[] {
  const folder = path.join(packageRoot, "test", "fixtures", "aci");
  return readdirSync(folder).flatMap((file) =>
    parseAllDocuments(readFileSync(path.join(folder, file), "utf8"), { merge: true }).flatMap((document) => {
      const checked = check(FixtureFile, "toJS" in document ? document.toJS() : undefined);
      if (!checked.ok)
        throw new Error(`${file}: ${JSON.stringify(checked.errors.map(({ instancePath, message }) => [instancePath, message]))}`);
      return checked.value.fixtures.map(({ name, args, found, changes, warnings, fails, undo }) => ({
        task: checked.value.task,
        name,
        args: withSecrets(args),
        found: new Map(Object.entries(found).map(([dn, object]) => [dn, foundObject(dn, object)])),
        changes: changes ?? [],
        warnings,
        fails,
        undo,
      }));
    }),
  );
}

function withSecrets(args: Record<string, unknown>): Record<string, unknown> {
  return typeof args.password === "string" ? { ...args, password: new Secret(args.password) } : args;
}

function foundObject(dn: string, object: unknown): { className: string; attributes: Record<string, string> } {
  if (typeof object === "string") return { className: object, attributes: { dn } };
  const { class: className, ...properties } = Object.fromEntries(Object.entries(object ?? {}));
  return {
    className: String(className),
    attributes: { dn, ...Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, String(value)])) },
  };
}
