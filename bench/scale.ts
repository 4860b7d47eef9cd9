import { writeFileSync } from "node:fs";
import path from "node:path";
import { applyOverlay } from "../runner/load/overlay.ts";
import { loadPlaybook, runProduct, specFor } from "./product.ts";
import { racksInventory } from "./racks.ts";
import { type RecordedPost, recordPosts } from "./recorded-posts.ts";
import { interleave, type Samples } from "./rounds.ts";
import { startSimulators } from "./simulators.ts";
import { printIfMain, type Row } from "./table.ts";
import { temporaryFolder } from "./temporary.ts";

const PLAYBOOK = "standard-svi-calico";
const FEW = 6;
const MANY = 128;
const ROUNDS = 5;

/**
 * The fabric part of a standard SVI, ports included, with 128 nodes in three racks next to the same with six (issue 3, Show 6): loading
 * (which is most of `underlay validate`), a first run and a second run. The fabric has six leaves both times, so only the nodes make a
 * difference. The aim is growth no worse than linear: 128 / 6 = 21.3.
 */
export async function scale(): Promise<readonly Row[]> {
  const folder = temporaryFolder();
  const open: Site[] = [];
  try {
    for (const nodes of [MANY, FEW]) open.push(await openSite(folder.path, nodes));
    const [many, few] = open;
    if (many === undefined || few === undefined) throw new Error("two sites");
    const rows: Row[] = [];
    for (const job of ["load", "first", "second"] as const) {
      const sides = [many, few].map((site) => ({ name: site.name, ...site[job] }));
      const [underlay, other] = await interleave(sides, ROUNDS);
      if (underlay === undefined || other === undefined) throw new Error("one sample for each side");
      rows.push({ job: describe(job, many), underlay, other: described(other, job, few), aim: round(MANY / FEW) });
    }
    return rows;
  } finally {
    for (const site of open) await site.close();
    folder.remove();
  }
}

type Job = "load" | "first" | "second";

interface Site {
  readonly name: string;
  readonly load: Work;
  readonly first: Work;
  readonly second: Work;
  /** What the latest run of a job asked of the controllers. */
  readonly asked: Map<Job, string>;
  close(): Promise<void>;
}

interface Work {
  readonly prepare?: () => Promise<void>;
  readonly run: () => Promise<void>;
}

function describe(job: Job, { asked }: Site): string {
  if (job === "load") return `load the playbook, ${MANY} nodes`;
  return `fabric, ${job} run, ${MANY} nodes: ${asked.get(job)}`;
}

function described(samples: Samples, job: Job, { asked, name }: Site): Samples {
  return { ...samples, name: job === "load" ? name : `${name}: ${asked.get(job)}` };
}

/** An inventory with so many nodes, and a fabric of its own for it. */
async function openSite(folder: string, nodes: number): Promise<Site> {
  const inventory = path.join(folder, `${nodes}.yaml`);
  writeFileSync(inventory, racksInventory({ nodes, dual: false }));
  const loadNow = () => loadPlaybook(PLAYBOOK, "fabric", [inventory]);
  const loaded = await loadNow();
  const simulators = await startSimulators(specFor(loaded));
  const asked = new Map<Job, string>();
  let ports: ReadonlyMap<string, number> = new Map();
  const freshInput = () =>
    applyOverlay(loaded, {
      all: { fabric: { ca_file: simulators.ca.file, validate_certs: true } },
      hosts: Object.fromEntries([...ports].map(([name, port]) => [name, { ansible_host: "127.0.0.1", ansible_port: port }])),
    });
  let input = loaded;
  const prepare = {
    first: async () => {
      ({ ports } = await simulators.ask("fresh fabric"));
      input = freshInput();
    },
    second: async () => {
      input = freshInput();
    },
  };
  const work = (job: "first" | "second"): Work => ({
    prepare: prepare[job],
    run: async () => {
      const posts: RecordedPost[] = [];
      const { changes, counts } = await runProduct(input, recordPosts(posts));
      if (changes > 0 !== (job === "first")) throw new Error(`${changes} changes`);
      const { GET = 0, POST = 0 } = counts.apic ?? {};
      const bytes = posts.map(({ tree }) => JSON.stringify(tree).length);
      const largest = posts.length === 0 ? "" : `, largest ${Math.round(Math.max(...bytes) / 1000)} kB`;
      asked.set(job, `${GET} GETs, ${POST} POSTs${largest}`);
    },
  });
  return {
    name: `${nodes} nodes`,
    load: {
      run: async () => {
        await loadNow();
      },
    },
    first: work("first"),
    second: work("second"),
    asked,
    close: simulators.close,
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

await printIfMain(import.meta.url, scale);
