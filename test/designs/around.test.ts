import { writeFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isObject } from "../../runner/json.ts";
import { packageRoot } from "../../runner/package-root.ts";
import { type ByHand, byHand } from "../support/by-hand.ts";
import { mainPlaybook, type Outcome, workplace } from "../support/command.ts";
import { changesOf, failureOf, surprises } from "./cell.ts";

/** Transit, a contract with an EPG and segments around a cluster, by the real command: what is made, what is proved, and that it all goes again. */
const test = suite("around the cluster");
const place = workplace();
const variables = ["transit", "connect-epg", "segments"].flatMap((name) => [
  "-e",
  `@${path.join(packageRoot, "inventory", `${name}.yaml`)}`,
]);
const PLAYBOOKS = ["transit-routing", "connect-epg", "segment"];

const run = (playbook: string, ...flags: string[]) =>
  place.underlay([
    "run",
    playbook === "main" ? mainPlaybook : path.join(packageRoot, "playbooks", `${playbook}.yaml`),
    "--output",
    "json",
    ...variables,
    ...flags,
  ]);

let lab: Awaited<ReturnType<typeof place.labUp>>;
let hand: ByHand;
let before: ReadonlyMap<string, string>;

test.before(async () => {
  lab = await place.labUp(variables);
  hand = byHand(lab.endpoints, { username: "admin", password: "lab-only-apic-password" });
});
test.after(async () => {
  await lab?.stop();
  place.remove();
});

/** Everything configured in the tenant: DN to class and attributes. */
async function tree(): Promise<ReadonlyMap<string, string>> {
  const answer = await hand.apicGet("/api/mo/uni/tn-k8s.json?query-target=subtree&rsp-prop-include=config-only");
  const imdata: readonly unknown[] = isObject(answer) && Array.isArray(answer.imdata) ? answer.imdata : [];
  const objects = new Map<string, string>();
  for (const item of imdata) {
    const [className, content] = Object.entries(isObject(item) ? item : {})[0] ?? [];
    if (!isObject(content) || !isObject(content.attributes)) continue;
    objects.set(String(content.attributes.dn), JSON.stringify([className, content.attributes]));
  }
  return objects;
}

const messages = (outcome: Outcome): string =>
  outcome.events
    .filter((event) => event.event === "message")
    .map(({ text }) => String(text))
    .join("\n");

test("before: a cluster, and what others have around it", async () => {
  const main = await run("main");
  assert.is(main.code, 0, failureOf(main));
  // The owner of the other L3Out has a route map of his own, and the EPG a contract.
  await hand.apic("/api/mo/uni/tn-k8s/out-wan/prof-default-export.json", {
    rtctrlProfile: {
      attributes: { type: "combinable", annotation: "orchestrator:terraform" },
      children: [
        { rtctrlCtxP: { attributes: { name: "theirs", order: "0" }, children: [relation("rtctrlRsCtxPToSubjP", "theirs")] } },
      ],
    },
  });
  await hand.apic("/api/mo/uni/tn-k8s/subj-theirs.json", {
    rtctrlSubjP: { attributes: {}, children: [{ rtctrlMatchRtDest: { attributes: { ip: "172.16.0.0/12", aggregate: "yes" } } }] },
  });
  await hand.apic("/api/mo/uni/tn-k8s/ap-shop/epg-database/rscons-default.json", { fvRsCons: { attributes: {} } });
  before = await tree();
  assert.ok(before.has("uni/tn-k8s/out-calico/instP-default"));
});

function relation(className: string, target: string): Record<string, unknown> {
  return { [className]: { attributes: { tnRtctrlSubjPName: target } } };
}

test("without export_prefixes the other L3Out is only read, and told what it lacks", async () => {
  const file = path.join(place.directory, "read-only.yaml");
  writeFileSync(file, "transit: { l3out: wan, external_epg: internet, contract: { name: default } }\n");
  const told = await run("transit-routing", "--check", "-e", `@${file}`);
  assert.is(told.code, 0, failureOf(told));
  const warnings = told.events.filter((event) => event.event === "warning").map(({ message }) => String(message));
  assert.is(
    warnings.filter((text) => /out-wan does not announce .*: no context of default-export permits it/.test(text)).length,
    4,
  );
  assert.ok(
    warnings.some((text) => text.includes("transit.export_prefixes: true")),
    warnings.join("\n"),
  );
  assert.ok(changesOf(told).every((change) => !change.includes("out-wan/prof")));
});

for (const playbook of PLAYBOOKS) {
  test(`${playbook}: a run does what the check said, its proof holds, a second run changes nothing`, async () => {
    const check = await run(playbook, "--check");
    const first = await run(playbook);
    const second = await run(playbook);
    for (const outcome of [check, first, second]) assert.is(outcome.code, 0, failureOf(outcome));
    assert.ok(changesOf(first).length > 6);
    assert.equal(surprises(check, first), []);
    assert.equal(changesOf(second), []);
    assert.match(messages(first), /no fault/);
  });
}

test("what others made is as it was, and the router outside got pods and services", async () => {
  const now = await tree();
  for (const [dn, object] of before) assert.is(now.get(dn), object);
  const again = messages(await run("transit-routing"));
  assert.match(again, /4 of 4 prefixes announced by uni\/tn-k8s\/out-wan/);
  const sent = Number(/192\.0\.2\.2 was sent (\d+) prefixes/.exec(again)?.[1]);
  assert.ok(sent >= 6, again);
});

test("the cluster's main playbook finds nothing to do beside them", async () => {
  const main = await run("main");
  assert.is(main.code, 0, failureOf(main));
  assert.equal(changesOf(main), []);
});

test("a contract that vanishes is a fault, and the proof says so", async () => {
  await hand.apic("/api/mo/uni/tn-k8s/brc-shop-database.json", { vzBrCP: { attributes: { status: "deleted" } } });
  const proof = await run("connect-epg", "--tags", "proof", "-e", "proof_timeout=0");
  assert.is(proof.code, 2);
  assert.match(failureOf(proof), /missing-target/);
  assert.match(failureOf(proof), /F0967/);
  assert.is((await run("connect-epg")).code, 0);
});

test("absent takes away exactly what was made", async () => {
  for (const playbook of PLAYBOOKS.toReversed()) {
    const check = await run(playbook, "--check", "-e", "state=absent");
    const gone = await run(playbook, "-e", "state=absent");
    assert.is(gone.code, 0, failureOf(gone));
    assert.equal(surprises(check, gone), []);
    assert.ok(changesOf(gone).length > 0);
  }
  const after = await tree();
  assert.equal(Object.fromEntries(after), Object.fromEntries(before));
});

test.run();
