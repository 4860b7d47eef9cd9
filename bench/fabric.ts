import type { Loaded } from "../runner/load/load.ts";
import { applyOverlay } from "../runner/load/overlay.ts";
import { type BareLogin, type BareRequest, bareSession } from "./bare-apic.ts";
import { loadMainPlaybook, runProduct, specFor } from "./product.ts";
import { asOneTree, type RecordedPost, recordPosts } from "./recorded-posts.ts";
import { interleave } from "./rounds.ts";
import { type Simulators, startSimulators } from "./simulators.ts";
import { printIfMain, type Row } from "./table.ts";

const ROUNDS = 12;

/** What the lab's inventory takes for granted. */
const TENANT = { className: "fvTenant", dn: "uni/tn-k8s" };
const VRF = { className: "fvCtx", dn: "uni/tn-k8s/ctx-calico" };

/**
 * The fabric part of the main job against the APIC simulator, next to scripts with axios.
 *
 * On underlay's side a measurement is everything of `underlay run --tags fabric` after the files are loaded: login, for each of the 13
 * tasks rendering and checking its arguments, reading the roots it needs, comparing, one POST, reading back and comparing again, the events, logout.
 *
 * The scripts log in, send, and log out. They know beforehand what is missing, compare nothing and derive no hash of the password:
 * - the first run next to the same requests, in the same order, with the same bodies: what underlay's own work costs;
 * - the first run next to one POST of all objects: what it costs to go task by task, and to read back. This one has no aim: a script that
 *   posts blindly sends 3 requests where 13 tasks that are each read back send 34;
 * - the second run, when nothing is left to do, next to the GETs of the same owned roots.
 */
export async function fabric(): Promise<readonly Row[]> {
  const loaded = await loadMainPlaybook("fabric");
  const simulators = await startSimulators(specFor(loaded));
  try {
    const place = await openPlace(simulators, loaded);
    const posts: RecordedPost[] = [];
    await runProduct(place.input(), recordPosts(posts));
    const { requests } = await simulators.ask("requests");
    const all = withBodies(requests, posts);
    await runProduct(place.input());
    const reads = withBodies((await simulators.ask("requests")).requests.slice(requests.length), []);
    const tree = JSON.stringify(asOneTree(posts, TENANT, [VRF]));
    const onePost: readonly BareRequest[] = [{ method: "POST", path: `/api/mo/${TENANT.dn}.json`, body: tree }];
    const script = (sends: readonly BareRequest[]) => () => bareSession(place.login(), sends);

    const [first, same, one] = await interleave(
      [
        { name: "underlay", prepare: place.renew, run: () => expectChanges(place.input(), true) },
        { name: `${all.length} requests, axios`, prepare: place.renew, run: script(all) },
        { name: "1 POST, axios", prepare: place.renew, run: script(onePost) },
      ],
      ROUNDS,
    );

    await place.renew();
    await script(onePost)();
    await runProduct(place.input());
    const [again, bare] = await interleave(
      [
        { name: "underlay", prepare: place.reload, run: () => expectChanges(place.input(), false) },
        { name: `${reads.length} GETs, axios`, run: script(reads) },
      ],
      ROUNDS * 2,
    );
    if (first === undefined || same === undefined || one === undefined || again === undefined || bare === undefined)
      throw new Error("one sample for each side");
    return [
      { job: "fabric, first run", underlay: first, other: same, aim: 1.5 },
      { job: "fabric, first run", underlay: first, other: one, aim: undefined },
      { job: "fabric, second run", underlay: again, other: bare, aim: 1.5 },
    ];
  } finally {
    await simulators.close();
  }
}

/** A fabric without configuration, which can be exchanged for another one, and the input for a run against it. */
async function openPlace(simulators: Simulators, loaded: Loaded) {
  const { username, password } = simulators.spec.fabric;
  let { ports } = await simulators.ask("fresh fabric");
  /** As a command has it after loading: nothing is rendered yet. */
  const freshInput = () =>
    applyOverlay(loaded, {
      all: { fabric: { ca_file: simulators.ca.file, validate_certs: true } },
      hosts: Object.fromEntries([...ports].map(([name, port]) => [name, { ansible_host: "127.0.0.1", ansible_port: port }])),
    });
  let input = freshInput();
  return {
    input: () => input,
    reload: async () => {
      input = freshInput();
    },
    renew: async () => {
      ({ ports } = await simulators.ask("fresh fabric"));
      input = freshInput();
    },
    login: (): BareLogin => ({ port: [...ports.values()][0] ?? 0, ca: simulators.ca.text, username, password }),
  };
}

/** A first run that changes nothing, or a second one that does, measures something else. */
async function expectChanges(input: Loaded, expected: boolean): Promise<void> {
  const { changes } = await runProduct(input);
  if (changes > 0 !== expected) throw new Error(`${changes} changes`);
}

/** What the simulator was asked, without login and logout, with the bodies that were sent. */
function withBodies(
  requests: readonly { readonly method: string; readonly path: string }[],
  posts: readonly RecordedPost[],
): readonly BareRequest[] {
  const bodies = posts.map(({ tree }) => JSON.stringify(tree));
  return requests
    .filter(({ path }) => !path.startsWith("/api/aaa"))
    .map(({ method, path }) =>
      method === "GET" ? { method: "GET", path, body: "" } : { method: "POST", path, body: bodies.shift() ?? "" },
    );
}

await printIfMain(import.meta.url, fabric);
