import { createHash } from "node:crypto";
import { access, mkdir, readdir, readFile, rename } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { packageRoot } from "../../runner/package-root.ts";
import { closing } from "../close-server.ts";

const CHART = "tigera-operator";
/** Milliseconds that helm may take to pack the chart; it takes a tenth of a second. */
const PACK_MILLISECONDS = 60_000;

const SOURCE = path.join(packageRoot, "lab", "kube", "charts", CHART);

/** What the chart repository is made of. */
export interface ChartRepositoryOptions {
  /** Path of helm, which packs the chart. */
  readonly helm: string;
  /** The one chart version offered, `v3.31.7`. */
  readonly version: string;
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
 * A helm repository on loopback (plain HTTP: index.yaml and one archive) that offers the stand-in chart `tigera-operator` at one version.
 * Rejects when helm cannot pack the chart.
 */
export async function startChartRepository(options: ChartRepositoryOptions): Promise<ChartRepository> {
  const archive = await readFile(await pack(options));
  const name = `${CHART}-${options.version}.tgz`;
  const files = new Map<string | undefined, Buffer>([
    ["/index.yaml", Buffer.from(JSON.stringify(index(options.version, name, archive)))],
    [`/${name}`, archive],
  ]);
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

/** The repository index (JSON is YAML). */
function index(version: string, name: string, archive: Buffer) {
  const digest = createHash("sha256").update(archive).digest("hex");
  const created = new Date().toISOString();
  const chart = { apiVersion: "v2", name: CHART, version, appVersion: version, created, digest, urls: [name] };
  return { apiVersion: "v1", generated: created, entries: { [CHART]: [chart] } };
}

/** Packs the chart; gives the archive, in a folder named after what went into it. */
async function pack({ helm, version, directory }: ChartRepositoryOptions): Promise<string> {
  const target = path.join(directory, `chart-${await fingerprint()}-${version}`);
  const archive = path.join(target, `${CHART}-${version}.tgz`);
  if (await exists(archive)) return archive;
  const { execa } = await import("execa");
  const partial = `${target}.${process.pid}`;
  await mkdir(partial, { recursive: true });
  const args = ["package", SOURCE, "--version", version, "--app-version", version, "--destination", partial];
  await execa(helm, args, { stdin: "ignore", timeout: PACK_MILLISECONDS });
  await mkdir(target, { recursive: true });
  await rename(path.join(partial, path.basename(archive)), archive);
  return archive;
}

async function fingerprint(): Promise<string> {
  const hash = createHash("sha256");
  const entries = await readdir(SOURCE, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  for (const file of files.sort()) hash.update(path.relative(SOURCE, file)).update(await readFile(file));
  return hash.digest("hex").slice(0, 12);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
