import { parseAllDocuments } from "yaml";
import { failed, ok, type Result } from "../../result.ts";
import type { KubeObject, Manifest, RenderedChart } from "../cluster.ts";
import type { ClusterParts } from "./cluster-parts.ts";
import { clusterReader } from "./cluster-reader.ts";
import { isKubeObject } from "./kube-output.ts";
import { READ_RETRIES } from "./programs.ts";

/** Seconds that helm may take to fetch and render a chart. */
const RENDER_SECONDS = 120;

/** The objects of charts, from `helm template`, which reads the repository and not the cluster. They are applied like manifests. */
export async function renderCharts(parts: ClusterParts, charts: readonly RenderedChart[]): Promise<Result<readonly Manifest[]>> {
  const manifests: Manifest[] = [];
  for (const { name, chart, repository, version, instead } of charts) {
    const there = instead === undefined ? ok([]) : await clusterReader(parts).objects([instead.when]);
    if (!there.ok) return there;
    const used = instead !== undefined && there.value.length > 0 ? instead.chart : chart;
    const args = ["template", name, used, "--version", version, "--include-crds"];
    const source = repository === undefined ? [] : ["--repo", repository];
    const rendered = await parts.programs.helm({
      arguments: [...args, ...source],
      retries: READ_RETRIES,
      timeoutSeconds: RENDER_SECONDS,
    });
    if (!rendered.ok) return rendered;
    const objects = objectsOf(`helm ${args.join(" ")}`, rendered.value.stdout);
    if (!objects.ok) return objects;
    // An earlier install by helm or kubectl owns fields of the same objects.
    manifests.push(...objects.value.map((object): Manifest => ({ kind: "manifest", state: "present", force: true, object })));
  }
  return ok(manifests);
}

function objectsOf(doing: string, text: string): Result<readonly KubeObject[]> {
  const objects: KubeObject[] = [];
  for (const document of parseAllDocuments(text)) {
    const value: unknown = document.toJS();
    if (value === null || value === undefined) continue;
    if (document.errors.length > 0 || !isKubeObject(value)) {
      return failed({
        kind: "failed",
        doing,
        message: document.errors[0]?.message ?? "the chart renders something that is no Kubernetes object",
        next: "check repository, chart and version",
      });
    }
    objects.push(value);
  }
  return ok(objects);
}
