import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** What a stand-in says when its arguments, joined by spaces, match. The first answer with uses left is taken. */
export interface Answer {
  readonly program: "kubectl" | "helm";
  readonly when: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exit?: number;
  /** How often; default: always. */
  readonly times?: number;
}

/** A call that a stand-in received. */
export interface Call {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly input: string;
}

/** Programs that answer from a script and write down how they were called. */
export interface StandIn {
  readonly kubectl: string;
  readonly helm: string;
  calls(): readonly Call[];
  remove(): void;
}

/** Makes a kubectl and a helm in a temporary folder. */
export function standIn(answers: readonly Answer[]): StandIn {
  const folder = mkdtempSync(path.join(tmpdir(), "underlay-stand-in-"));
  const log = path.join(folder, "calls");
  for (const program of ["kubectl", "helm"]) {
    const own = answers.filter((answer) => answer.program === program);
    const file = path.join(folder, program);
    writeFileSync(file, `#!${process.execPath}\n${script(program, own, log)}`);
    chmodSync(file, 0o755);
  }
  return {
    kubectl: path.join(folder, "kubectl"),
    helm: path.join(folder, "helm"),
    calls: () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n").map(parseCall) : []),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The stand-in itself, as CommonJS: a file without extension outside of any package. */
function script(program: string, answers: readonly Answer[], log: string): string {
  return `
const fs = require("node:fs");
const args = process.argv.slice(2), line = args.join(" ");
const input = fs.readFileSync(0, "utf8");
const log = ${JSON.stringify(log)};
const before = (fs.existsSync(log) ? fs.readFileSync(log, "utf8").trim().split("\\n") : []).filter(Boolean).map((text) => JSON.parse(text));
const answers = ${JSON.stringify(answers)};
const answer = answers.findIndex(({ when, times }, index) => new RegExp(when).test(line) &&
  (times === undefined || before.filter((call) => call.program === "${program}" && call.answer === index).length < times));
fs.appendFileSync(log, JSON.stringify({ program: "${program}", args, environment: process.env, input, answer }) + "\\n");
const { stdout = "", stderr = "", exit = 0 } = answers[answer] ?? { stderr: "stand-in: no answer for " + line, exit: 99 };
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = exit;
`;
}

function parseCall(text: string): Call {
  const call: Call = JSON.parse(text);
  return call;
}

/** `kubectl api-resources --no-headers` of a cluster with the core kinds these tests use. */
export const API_RESOURCES: Answer = {
  program: "kubectl",
  when: "^api-resources",
  stdout: [
    "configmaps     cm   v1                             true   ConfigMap",
    "namespaces     ns   v1                             false  Namespace",
    "nodes          no   v1                             false  Node",
    "secrets             v1                             true   Secret",
    "customresourcedefinitions crd,crds apiextensions.k8s.io/v1 false CustomResourceDefinition",
    "roles               rbac.authorization.k8s.io/v1   true   Role",
    "bgppeers            projectcalico.org/v3           false  BGPPeer",
    "",
  ].join("\n"),
};

/** kubectl's JSON for several objects. */
export function listOf(...objects: readonly unknown[]): string {
  return JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
}
