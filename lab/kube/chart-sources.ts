import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { packageRoot } from "../../runner/package-root.ts";
import type { LabSpec } from "../spec.ts";
import { v3Definitions } from "./calico/v3-definitions.ts";
import { atLeast, releaseOf } from "./version.ts";

/** A chart before it is packed: its name, the version it is packed as, and its files by path. */
export interface ChartSource {
  readonly name: string;
  readonly version: string;
  readonly files: ReadonlyMap<string, string>;
}

const CHARTS = path.join(packageRoot, "lab", "kube", "charts");

/**
 * The charts that a CNI's repository offers at one version: none for kube-router, which has no chart; the operator's for Calico, which from
 * 3.32 on leaves its definitions to one of two charts of their own (facts, cni.md 1.1).
 */
export async function chartSources(cni: LabSpec["cni"]["name"], version: string): Promise<readonly ChartSource[]> {
  if (cni === "kube-router") return [];
  const name = cni === "calico" ? "tigera-operator" : "cilium";
  const files = await read(path.join(CHARTS, name));
  const release = releaseOf(version);
  if (cni === "cilium" || release === undefined || !atLeast(release, 3, 32)) return [{ name, version, files }];

  const isDefinition = (file: string) => file.startsWith("crds/");
  const operator = new Map([...files].filter(([file]) => !isDefinition(file)));
  const definitions = [...files].filter(([file]) => isDefinition(file));
  const ofOperator = definitions.filter(([file]) => file.includes("operator.tigera.io"));
  const native = [["crds/projectcalico.org.json", v3Definitions()] as const];
  return [
    { name, version, files: operator },
    definitionsChart("crd.projectcalico.org.v1", version, definitions),
    definitionsChart("projectcalico.org.v3", version, [...ofOperator, ...native]),
  ];
}

/** A chart whose templates are definitions. */
function definitionsChart(name: string, version: string, files: readonly (readonly [string, string])[]): ChartSource {
  const chart = `apiVersion: v2\nname: ${name}\ndescription: Calico's definitions, for the embedded lab\nversion: 0.0.0\n`;
  const templates = files.map(([file, content]) => [file.replace("crds/", "templates/"), content] as const);
  return { name, version, files: new Map([["Chart.yaml", chart], ...templates]) };
}

async function read(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const contents = names.sort().map(async (file) => [path.relative(folder, file), await readFile(file, "utf8")] as const);
  return new Map(await Promise.all(contents));
}
