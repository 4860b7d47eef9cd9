import { createHash } from "node:crypto";
import { access, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { closing } from "../close-server.ts";
import type { LabSpec } from "../spec.ts";
import { type ChartSource, chartSources } from "./chart-sources.ts";

/** Milliseconds that helm may take to pack a chart; it takes a tenth of a second. */
const PACK_MILLISECONDS = 60_000;

/** What the chart repository is made of. */
export interface ChartRepositoryOptions {
  /** Path of helm, which packs the charts. */
  readonly helm: string;
  /** Whose charts: kube-router has none. */
  readonly cni: LabSpec["cni"]["name"];
  /** The versions offered, `v3.31.7`, `1.19.6`. */
  readonly versions: readonly string[];
  /** Packed charts are kept here, so helm packs only once. */
  readonly directory: string;
}

/** A running chart repository. */
export interface ChartRepository {
  /** Address for `helm --repo`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * A helm repository on loopback (plain HTTP: index.yaml and an archive for each chart) that offers the stand-in charts of a CNI at
 * these versions. Rejects when helm cannot pack one.
 */
export async function startChartRepository(options: ChartRepositoryOptions): Promise<ChartRepository> {
  const versions = [...new Set(options.versions)];
  const sources = (await Promise.all(versions.map((version) => chartSources(options.cni, version)))).flat();
  const charts = await Promise.all(
    sources.map(async (source) => ({ source, file: archiveName(source), archive: await readFile(await pack(source, options)) })),
  );
  const files = new Map<string | undefined, Buffer>(charts.map(({ file, archive }) => [`/${file}`, archive]));
  files.set("/index.yaml", Buffer.from(JSON.stringify(index(charts))));
  const server = createServer((request, response) => {
    const file = files.get(request.url);
    response.writeHead(file === undefined ? 404 : 200).end(file);
  });
  const close = closing(server);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    close,
  };
}

interface PackedChart {
  readonly source: ChartSource;
  readonly file: string;
  readonly archive: Buffer;
}

/** The repository index (JSON is YAML): every chart with its versions. */
function index(charts: readonly PackedChart[]) {
  const created = new Date().toISOString();
  const entries = new Map<string, unknown[]>();
  for (const { source, file, archive } of charts) {
    const { name, version } = source;
    const digest = createHash("sha256").update(archive).digest("hex");
    const entry = { apiVersion: "v2", name, version, appVersion: version, created, digest, urls: [file] };
    entries.set(name, [...(entries.get(name) ?? []), entry]);
  }
  return { apiVersion: "v1", generated: created, entries: Object.fromEntries(entries) };
}

function archiveName({ name, version }: ChartSource): string {
  return `${name}-${version}.tgz`;
}

/** Packs a chart; gives the archive, in a folder named after what went into it. */
async function pack(source: ChartSource, { helm, directory }: ChartRepositoryOptions): Promise<string> {
  const { name, version, files } = source;
  const target = path.join(directory, `chart-${fingerprint(source)}-${version}`);
  const archive = path.join(target, archiveName(source));
  if (await exists(archive)) return archive;
  const { execa } = await import("execa");
  const partial = `${target}.${process.pid}`;
  const folder = path.join(partial, name);
  for (const [file, content] of files) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), content);
  }
  const args = ["package", folder, "--version", version, "--app-version", version, "--destination", partial];
  await execa(helm, args, { stdin: "ignore", timeout: PACK_MILLISECONDS });
  await mkdir(target, { recursive: true });
  await rename(path.join(partial, path.basename(archive)), archive);
  await rm(partial, { recursive: true, force: true });
  return archive;
}

function fingerprint({ name, files }: ChartSource): string {
  const hash = createHash("sha256").update(name);
  for (const [file, content] of files) hash.update(file).update(content);
  return hash.digest("hex").slice(0, 12);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
