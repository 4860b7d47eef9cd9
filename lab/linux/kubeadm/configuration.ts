import { parseAllDocuments } from "yaml";
import { type Static, type TSchema, Type } from "#typebox";
import { Check, Errors } from "#typebox/value";
import { isObject } from "../../../runner/json.ts";

const Text = Type.String();
const Arguments = Type.Union([
  /** v1beta4 */
  Type.Array(Type.Object({ name: Text, value: Text })),
  /** v1beta3 */
  Type.Record(Text, Text),
]);

/** What the lab understands of a JoinConfiguration (kubeadm.k8s.io/v1beta3 and v1beta4); the rest is let through. */
const JoinConfiguration = Type.Object({
  discovery: Type.Object({
    bootstrapToken: Type.Object({ token: Text, apiServerEndpoint: Text, caCertHashes: Type.Optional(Type.Array(Text)) }),
  }),
  nodeRegistration: Type.Optional(
    Type.Object({
      name: Type.Optional(Text),
      kubeletExtraArgs: Type.Optional(Arguments),
      taints: Type.Optional(Type.Array(Type.Object({ key: Text, value: Type.Optional(Text), effect: Text }))),
    }),
  ),
  controlPlane: Type.Optional(Type.Object({ certificateKey: Type.Optional(Text) })),
});

const InitConfiguration = Type.Object({ certificateKey: Type.Optional(Text) });

/** A JoinConfiguration as the lab's kubeadm uses it. */
export type Join = Static<typeof JoinConfiguration>;

/** A document of a kubeadm configuration file, or kubeadm's complaint. */
type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

/** The JoinConfiguration of a file. */
export function readJoin(text: string): Read<Join> {
  return readDocument(text, "JoinConfiguration", JoinConfiguration);
}

/** The InitConfiguration of a file. */
export function readInit(text: string): Read<Static<typeof InitConfiguration>> {
  return readDocument(text, "InitConfiguration", InitConfiguration);
}

function readDocument<S extends TSchema>(text: string, kind: string, schema: S): Read<Static<S>> {
  for (const document of parseAllDocuments(text)) {
    const [broken] = "errors" in document ? document.errors : [];
    if (broken !== undefined) return { ok: false, error: `error converting YAML to JSON: yaml: ${broken.message}` };
    const value: unknown = document.toJS();
    if (!isObject(value) || value.kind !== kind) continue;
    const version = String(value.apiVersion);
    if (version !== "kubeadm.k8s.io/v1beta4" && version !== "kubeadm.k8s.io/v1beta3") {
      return { ok: false, error: `your configuration file uses an unknown API spec: "${version}" (kind: "${kind}")` };
    }
    const listed = isObject(value.nodeRegistration) ? value.nodeRegistration.kubeletExtraArgs : undefined;
    if (listed !== undefined && Array.isArray(listed) !== version.endsWith("v1beta4")) {
      return {
        ok: false,
        error: `strict decoding error: nodeRegistration.kubeletExtraArgs is of another version than ${version}`,
      };
    }
    if (Check(schema, value)) return { ok: true, value };
    const [first] = Errors(schema, value);
    return { ok: false, error: `error unmarshaling configuration ${kind}: ${first?.instancePath ?? ""} ${first?.message ?? ""}` };
  }
  return { ok: false, error: `no ${kind} found` };
}

/** A kubelet argument of a JoinConfiguration, in either version's form. */
export function kubeletArgument({ nodeRegistration }: Join, name: string): string | undefined {
  const listed = nodeRegistration?.kubeletExtraArgs ?? {};
  return Array.isArray(listed) ? listed.find((argument) => argument.name === name)?.value : listed[name];
}
