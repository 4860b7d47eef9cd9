import { passwordTags } from "../runner/connect/apic/password-tag.ts";
import type { Loaded } from "../runner/load/load.ts";
import { applyOverlay } from "../runner/load/overlay.ts";
import { Secret } from "../runner/secret.ts";
import { type BareLogin, type BareRequest, bareSession } from "./bare-apic.ts";
import { loadMainPlaybook, runProduct, specFor } from "./product.ts";
import { asOneTree, type RecordedPost, recordPosts } from "./recorded-posts.ts";
import { interleave, type Samples } from "./rounds.ts";
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
 * tasks rendering and checking its arguments, reading the roots it needs, comparing, one POST, reading back and comparing again, the
 * events, logout. The scripts log in, send the requests and log out: they know beforehand what is missing, and compare nothing. Two
 * kinds of script stand beside each run:
 * - one that sends the same requests with the same bodies in the same order and makes the same slow hash of the BGP password (scrypt; the
 *   controller never returns the password, so a hash in an annotation tells whether it has changed): the ratio is what the engine costs;
 * - one that does without: a single POST of all objects, never read back; the bare GETs of the owned roots. The ratio also holds what
 *   design section 5 asks for on purpose: 13 tasks that each post and read back are 26 requests where the script sends one, and the hash alone
 *   takes longer than six GETs over loopback.
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
    const withHash = (sends: readonly BareRequest[]) => async () => {
      await bareSession(place.login(), sends);
      await passwordTags().create(new Secret("any password takes as long"));
    };

    const [first, firstSame, firstBare] = await interleave(
      [
        { name: "underlay", prepare: place.renew, run: () => expectChanges(place.input(), true) },
        { name: `${all.length} requests + 1 scrypt, axios`, prepare: place.renew, run: withHash(all) },
        { name: "1 POST, axios", prepare: place.renew, run: script(onePost) },
      ],
      ROUNDS,
    );

    await place.renew();
    await script(onePost)();
    await runProduct(place.input());
    const [second, secondSame, secondBare] = await interleave(
      [
        { name: "underlay", prepare: place.reload, run: () => expectChanges(place.input(), false) },
        { name: `${reads.length} GETs + 1 scrypt, axios`, run: withHash(reads) },
        { name: `${reads.length} GETs, axios`, run: script(reads) },
      ],
      ROUNDS * 2,
    );
    return [
      row("fabric, first run", first, firstSame),
      row("fabric, first run", first, firstBare),
      row("fabric, second run", second, secondSame),
      row("fabric, second run", second, secondBare),
    ];
  } finally {
    await simulators.close();
  }
}

function row(job: string, underlay: Samples | undefined, other: Samples | undefined): Row {
  if (underlay === undefined || other === undefined) throw new Error("one sample for each side");
  return { job, underlay, other, aim: 1.5 };
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
