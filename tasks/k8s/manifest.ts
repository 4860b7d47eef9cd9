import { Type } from "#typebox";
import type { KubeObject, Manifest } from "../../runner/connect/cluster.ts";
import { declareTask } from "../../runner/task-type.ts";
import { State } from "./state.ts";

const Definition = Type.Unsafe<KubeObject>({
  type: "object",
  required: ["apiVersion", "kind", "metadata"],
  properties: {
    apiVersion: { type: "string", minLength: 1 },
    kind: { type: "string", minLength: 1 },
    metadata: {
      type: "object",
      required: ["name"],
      properties: { name: { type: "string", minLength: 1 }, namespace: { type: "string", minLength: 1 } },
    },
  },
});

/** Kubernetes objects as they are, by server-side apply. */
export const manifest = declareTask({
  name: "k8s.manifest",
  summary: "Kubernetes objects, by server-side apply",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      definition: Type.Optional(Definition),
      manifests: Type.Optional(Type.Array(Definition, { minItems: 1, description: "Several objects, in the order of writing" })),
      force: Type.Boolean({ default: false, description: "Take over fields that another field manager owns" }),
      state: State,
    },
    {
      additionalProperties: false,
      anyOf: ["definition", "manifests"].map((name) => ({ required: [name], properties: { [name]: true } })),
    },
  ),
  notes: [
    "Only the fields in the manifest are ours (field manager `underlay`); a field taken out of it is removed from the object.",
    "A field that another manager owns with another value is a failure, unless `force` is true.",
    "A secret (`!vault`, `env()`, `file()`) may stand only in `stringData` of a Secret; its data is shown masked.",
    "A namespaced object needs `metadata.namespace`.",
  ],
  example: `- name: Namespace for the shop
  k8s.manifest:
    definition:
      apiVersion: v1
      kind: Namespace
      metadata: { name: shop }`,
  desired: ({ args }) =>
    [...(args.definition === undefined ? [] : [args.definition]), ...(args.manifests ?? [])].map(
      (object): Manifest => ({ kind: "manifest", state: args.state, object, force: args.force }),
    ),
});
