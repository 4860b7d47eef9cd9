import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  type Scalar,
  type ScalarTag,
  type YAMLMap,
} from "yaml";
import { errorAt, type SourceRange } from "../diagnostic.ts";
import { isTemplate } from "../expression/scan.ts";
import { holdsToken } from "../expression/tokens.ts";
import { Secret } from "../secret.ts";
import type { Intake } from "./intake.ts";
import type { Value } from "./model.ts";

/** Ansible reads YAML 1.1, where `yes` and `no` are booleans. Octal and base-60 numbers of 1.1 are left out: they only surprise. */
const yesNo: ScalarTag = {
  tag: "tag:yaml.org,2002:bool",
  default: true,
  test: /^(?:[Yy]es|YES|[Nn]o|NO|[Oo]n|ON|[Oo]ff|OFF)$/,
  resolve: (text) => /^(?:y|on)/i.test(text),
};
const asText = (tag: string): ScalarTag => ({ tag, resolve: (text) => text });
const TAGS = [yesNo, asText("!vault"), asText("!vault-encrypted"), asText("!unsafe")];

/** Rule and hint for the parser's error codes that people meet. */
const ERRORS: Readonly<Record<string, readonly [rule: string, hint?: string]>> = {
  TAB_AS_INDENT: ["yaml-tab", "indent with spaces"],
  DUPLICATE_KEY: ["duplicate-key", "keep one of them"],
};

/** More values than any real inventory: aliases of aliases could otherwise fill the memory. */
const MOST_VALUES = 2_000_000;

/**
 * Parses one YAML document and keeps the place of every value and key. Reports every error of the parser; undefined when there was one,
 * null for an empty file.
 *
 * @param encrypted the file as a whole was vault text: every text in it is a secret, and places are all the file's first line
 */
export function parseYaml(intake: Intake, file: string, text: string, encrypted: boolean): Value | undefined {
  const lines = new LineCounter();
  const range = (start: number, end: number): SourceRange => {
    if (encrypted) return { file, line: 1, column: 1, length: 1 };
    const { line, col } = lines.linePos(start);
    const lineEnd = text.indexOf("\n", start);
    const stop = Math.min(end, lineEnd === -1 ? text.length : lineEnd);
    return { file, line: Math.max(1, line), column: Math.max(1, col), length: Math.max(1, stop - start) };
  };
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    merge: true,
    customTags: TAGS,
    logLevel: "silent",
    prettyErrors: false,
  });
  const all: readonly Document.Parsed[] = Array.isArray(documents) ? documents : [];
  let bad = false;
  for (const { code, message, pos } of all.flatMap((document) => document.errors)) {
    const [rule, hint] = ERRORS[code] ?? ["yaml-syntax"];
    intake.problems.report(errorAt(range(pos[0], Math.max(pos[0] + 1, pos[1])), rule, yamlMessage(code, message), hint));
    bad = true;
  }
  const [document, second] = all;
  if (second !== undefined && !bad) {
    const start = second.range[0];
    intake.problems.report(
      errorAt(range(start, start + 3), "yaml-syntax", "a file holds one YAML document, this is a second one"),
    );
    bad = true;
  }
  if (bad) return undefined;
  if (document?.contents === undefined || document.contents === null) {
    return { kind: "literal", value: null, at: { file, line: 1, column: 1, length: 1 } };
  }
  const build = createBuilder(intake, document, range, encrypted);
  return build(document.contents);
}

function yamlMessage(code: string, message: string): string {
  if (code === "TAB_AS_INDENT") return "a tab is not allowed as indentation";
  if (code === "DUPLICATE_KEY") return "this key is written twice in one map";
  return message.split("\n")[0] ?? message;
}

function createBuilder(
  intake: Intake,
  document: Document.Parsed,
  range: (start: number, end: number) => SourceRange,
  encrypted: boolean,
): (node: Node) => Value {
  let count = 0;
  const open = new Set<Node>();
  const atOf = (node: Node | null | undefined): SourceRange => range(node?.range?.[0] ?? 0, node?.range?.[1] ?? 1);
  const nothing = (at: SourceRange): Value => ({ kind: "literal", value: null, at });

  function refuse(at: SourceRange, rule: string, message: string, hint?: string): Value {
    intake.problems.report(errorAt(at, rule, message, hint));
    return nothing(at);
  }

  function text(value: string, node: Scalar, at: SourceRange): Value {
    if (holdsToken(value)) return refuse(at, "private-character", "characters U+E000 to U+E00B are not allowed in texts");
    if (node.tag === "!vault" || node.tag === "!vault-encrypted") {
      const plain = intake.decrypt(value, at);
      return secret(plain ?? "", at);
    }
    if (encrypted && !isTemplate(value)) return secret(value, at);
    return node.tag !== "!unsafe" && isTemplate(value) ? { kind: "template", text: value, at } : { kind: "literal", value, at };
  }

  function secret(plain: string, at: SourceRange): Value {
    const made = new Secret(plain);
    intake.secrets.add(made);
    return { kind: "secret", secret: made, at };
  }

  function scalar(node: Scalar): Value {
    const at = atOf(node);
    const { value } = node;
    if (
      typeof node.tag === "string" &&
      node.tag.startsWith("!") &&
      !["!vault", "!vault-encrypted", "!unsafe", "!"].includes(node.tag)
    ) {
      return refuse(at, "yaml-tag", `tag ${node.tag} is not known`, "tags: !vault, !unsafe");
    }
    if (typeof value === "string") return text(value, node, at);
    if (typeof value === "number" || typeof value === "boolean" || value === null) return { kind: "literal", value, at };
    return { kind: "literal", value: node.source ?? String(value), at };
  }

  function map(node: YAMLMap): Value {
    const entries = new Map<string, Value>();
    const keys = new Map<string, SourceRange>();
    const merged: Value[] = [];
    for (const pair of node.items) {
      const keyNode = isNodeOf(pair.key);
      const keyAt = atOf(keyNode);
      if (!isScalar(keyNode)) {
        const hint = 'quote it when it is a template: key: "{{ … }}"';
        refuse(keyAt, "yaml-key", "a key must be a plain text", hint);
        continue;
      }
      const key = keyNode.source ?? String(keyNode.value);
      const valueNode = isNodeOf(pair.value);
      const value = valueNode === undefined ? nothing(keyAt) : build(valueNode);
      if (key === "<<" && keyNode.type === "PLAIN") merged.push(...(value.kind === "list" ? value.items : [value]));
      else {
        entries.set(key, value);
        keys.set(key, keyAt);
      }
    }
    for (const below of merged) {
      if (below.kind !== "map") {
        refuse(below.at, "yaml-merge", "<< merges maps only");
        continue;
      }
      for (const [key, value] of below.entries) {
        if (entries.has(key)) continue;
        entries.set(key, value);
        keys.set(key, below.keys?.get(key) ?? below.at);
      }
    }
    return { kind: "map", entries, keys, at: atOf(node) };
  }

  function build(node: Node): Value {
    count += 1;
    if (count > MOST_VALUES)
      return count === MOST_VALUES + 1
        ? refuse(atOf(node), "yaml-too-large", "aliases make this too large")
        : nothing(atOf(node));
    if (isAlias(node)) {
      const target = node.resolve(document);
      if (target === undefined) return refuse(atOf(node), "yaml-alias", `there is no anchor ${node.source} above`);
      if (open.has(target)) return refuse(atOf(node), "yaml-alias", `anchor ${node.source} contains itself`);
      return build(target);
    }
    open.add(node);
    const value = buildHere(node);
    open.delete(node);
    return value;
  }

  function buildHere(node: Node): Value {
    if (isMap(node)) return map(node);
    if (isSeq(node)) {
      const items = node.items
        .map((item) => isNodeOf(item))
        .map((item) => (item === undefined ? nothing(atOf(node)) : build(item)));
      return { kind: "list", items, at: atOf(node) };
    }
    return isScalar(node) ? scalar(node) : nothing(atOf(node));
  }
  return build;
}

/** The parser types keys and values as unknown; they are nodes or null. */
function isNodeOf(value: Pair["key"]): Node | undefined {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value) ? value : undefined;
}
