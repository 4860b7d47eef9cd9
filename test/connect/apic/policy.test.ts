import { inspect } from "node:util";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { absentMo, mo } from "../../../runner/connect/managed-object.ts";
import { Secret } from "../../../runner/secret.ts";
import { sessionWith } from "../../support/apic-session.ts";
import { apicError, startFakeApic } from "../../support/fake-apic.ts";
import { OURS, planOf, policyTree, run } from "../../support/policy-tree.ts";

/** Reading owned roots, one POST of the minimal tree, reading back, and what is shared between tasks. */
const test = suite("apic policy");
const fake = await startFakeApic();
const { put, posts, reset } = policyTree(fake);
test.before.each(reset);
test.after(() => fake.close());

test("one POST of the smallest tree: objects in between carry their DN only", async () => {
  const session = sessionWith(fake);
  const profile = "uni/tn-k8s/out-a/lnodep-n";
  assert.ok((await run(session, [mo("l3extLIfP", `${profile}/lifp-i`), mo("bgpProtP", `${profile}/protp`)])).ok);
  assert.equal(posts(), [
    {
      path: "/api/mo/uni/tn-k8s/out-a/lnodep-n.json",
      body: {
        l3extLNodeP: {
          attributes: { dn: profile, status: "modified" },
          children: [
            { l3extLIfP: { attributes: { dn: `${profile}/lifp-i`, annotation: "orchestrator:underlay" }, children: [] } },
            { bgpProtP: { attributes: { dn: `${profile}/protp`, annotation: "orchestrator:underlay" }, children: [] } },
          ],
        },
      },
    },
  ]);
  assert.equal(session.counts(), { login: 1, GET: 2, POST: 1 });
  await session.close();
});

test("only what differs is sent, and an object of others is not annotated", async () => {
  const session = sessionWith(fake);
  assert.ok(
    (await run(session, [{ ...mo("l3extOut", "uni/tn-k8s/out-a", { enforceRtctrl: ["import", "export"] }), owned: false }])).ok,
  );
  assert.equal(posts()[0]?.body, {
    l3extOut: { attributes: { dn: "uni/tn-k8s/out-a", enforceRtctrl: "export,import", status: "modified" }, children: [] },
  });
  await session.close();
});

test("two roots of a tenant go in one POST; a tenant that does not exist is never made", async () => {
  const session = sessionWith(fake);
  const inTenant = (tenant: string) => [
    mo("bgpCtxPol", `uni/tn-${tenant}/bgpCtxP-a`),
    mo("bgpCtxAfPol", `uni/tn-${tenant}/bgpCtxAfP-a`),
  ];
  assert.ok((await run(session, inTenant("k8s"))).ok);
  assert.equal(
    posts().map(({ path }) => path),
    ["/api/mo/uni/tn-k8s.json"],
  );
  const refused = await run(session, inTenant("nobody"));
  assert.not(refused.ok);
  if (!refused.ok) assert.match(refused.failure.message, "HTTP 400, code 102");
  assert.not(fake.tree.has("uni/tn-nobody"));
  await session.close();
});

test("two top branches take two POSTs: the controllers keep them in different shards", async () => {
  put("uni/tn-other", "fvTenant");
  const session = sessionWith(fake);
  const wanted = [mo("bgpCtxPol", "uni/tn-k8s/bgpCtxP-a"), mo("bgpCtxPol", "uni/tn-other/bgpCtxP-a")];
  assert.ok((await run(session, wanted)).ok);
  assert.equal(
    posts().map(({ path }) => path),
    ["/api/mo/uni/tn-k8s/bgpCtxP-a.json", "/api/mo/uni/tn-other/bgpCtxP-a.json"],
  );
  await session.close();
});

test("tasks at the same time read a root once; later ones do not read it at all", async () => {
  const session = sessionWith(fake, { check: true });
  const wanted = [mo("l3extLNodeP", "uni/tn-k8s/out-a/lnodep-n", { tag: "yellow-green" })];
  await Promise.all([planOf(session, wanted), planOf(session, wanted), planOf(session, wanted)]);
  await planOf(session, wanted);
  assert.equal(session.counts(), { login: 1, GET: 1 });
  assert.match(fake.requests[1]?.path ?? "", "/api/mo/uni/tn-k8s/out-a.json?rsp-subtree=full&rsp-prop-include=config-only");
  await session.close();
});

test("what the controller does not keep is a failure that names object, property and both values", async () => {
  const session = sessionWith(fake);
  fake.intercept = ({ method, path }) =>
    method === "POST" && path.startsWith("/api/mo/") ? { status: 200, body: '{"totalCount":"0","imdata":[]}' } : undefined;
  const applied = await run(session, [mo("l3extLNodeP", "uni/tn-k8s/out-a/lnodep-n", { tag: "red" })]);
  assert.not(applied.ok);
  if (applied.ok) return;
  assert.is(applied.failure.message, 'uni/tn-k8s/out-a/lnodep-n: wanted {"tag":"red"}, found {"tag":"yellow-green"}');
  await session.close();
});

test("after a refused POST the state is read again", async () => {
  const session = sessionWith(fake);
  let refuse = true;
  fake.intercept = ({ method, path }) =>
    refuse && method === "POST" && path.startsWith("/api/mo/") ? apicError(400, "100", "Validation failed: no") : undefined;
  const wanted = [mo("l3extLNodeP", "uni/tn-k8s/out-a/lnodep-n", { tag: "red" })];
  assert.not((await run(session, wanted)).ok);
  refuse = false;
  assert.ok((await run(session, wanted)).ok);
  assert.is(session.counts().GET, 3, "read, read again, read back");
  await session.close();
});

test("a POST that was cut off is sent again: it merges, so twice is the same as once", async () => {
  const session = sessionWith(fake);
  let cut = false;
  fake.intercept = ({ method, path }) => {
    if (cut || method !== "POST" || !path.startsWith("/api/mo/")) return undefined;
    cut = true;
    return "reset";
  };
  assert.ok((await run(session, [mo("bgpCtxPol", "uni/tn-k8s/bgpCtxP-a", { kaIntvl: 2 })])).ok);
  assert.is(fake.tree.get("uni/tn-k8s/bgpCtxP-a")?.attributes.kaIntvl, "2");
  await session.close();
});

test("in check mode a later task sees defaults that the server would fill in", async () => {
  const session = sessionWith(fake, { check: true });
  (await planOf(session, [mo("l3extOut", "uni/tn-k8s/out-new")])).project();
  const later = await planOf(session, [mo("l3extOut", "uni/tn-k8s/out-new", { enforceRtctrl: ["import", "export"] })]);
  assert.equal(later.changes, [
    {
      target: "uni/tn-k8s/out-new",
      action: "modify",
      before: { enforceRtctrl: "export" },
      after: { enforceRtctrl: "export,import" },
    },
  ]);
  await session.close();
});

test("a deleted subtree is gone for later tasks, and one change stands for all of it", async () => {
  put("uni/tn-k8s/out-a", "l3extOut", { enforceRtctrl: "export", descr: "ours", ...OURS });
  put("uni/tn-k8s/out-a/lnodep-n", "l3extLNodeP", { tag: "yellow-green", ...OURS });
  const session = sessionWith(fake);
  const gone = [absentMo("l3extOut", "uni/tn-k8s/out-a"), absentMo("l3extLNodeP", "uni/tn-k8s/out-a/lnodep-n")];
  const planned = await planOf(session, gone);
  assert.equal(planned.changes, [{ target: "uni/tn-k8s/out-a", action: "delete", before: { descr: "ours" }, after: null }]);
  assert.ok((await run(session, gone)).ok);
  assert.equal((await planOf(session, gone)).changes, []);
  assert.equal([...fake.tree.keys()], ["uni/tn-k8s"]);
  await session.close();
});

test("passwords: sent once, kept as salted hash, noticed when changed, shown never", async () => {
  const peer = "uni/tn-k8s/out-a/lnodep-n/peerP-[192.0.2.1]";
  const wanted = (text: string) => [mo("bgpPeerP", peer, { password: new Secret(text) })];
  const first = sessionWith(fake);
  assert.ok((await run(first, wanted("canary-one"))).ok);
  await first.close();
  assert.match(JSON.stringify(posts()), "canary-one");
  const tag = fake.tree.get(`${peer}/annotationKey-[underlay:password]`)?.attributes.value ?? "";
  assert.match(tag, /^scrypt\.[0-9a-f]{32}\.[0-9a-f]{64}$/);
  const second = sessionWith(fake);
  assert.equal((await planOf(second, wanted("canary-one"))).changes, []);
  const changed = await planOf(second, wanted("canary-two"));
  assert.equal(JSON.parse(JSON.stringify(changed.changes)), [
    { target: peer, action: "modify", before: { password: "‹secret›" }, after: { password: "‹secret›" } },
  ]);
  assert.not.match(inspect(changed, { depth: 9 }), "canary-two");
  assert.ok((await run(second, wanted("canary-two"))).ok);
  assert.not.match(tag, fake.tree.get(`${peer}/annotationKey-[underlay:password]`)?.attributes.value ?? "");
  assert.not.match(inspect([...fake.tree], { depth: 9 }), "canary");
  await second.close();
  fake.tree.delete(`${peer}/annotationKey-[underlay:password]`);
  const third = sessionWith(fake);
  assert.is((await planOf(third, wanted("canary-two"))).changes.length, 1, "without its annotation the password is set again");
  await third.close();
});

test("answers of releases that leave rn out of children are understood", async () => {
  fake.intercept = ({ path }) =>
    path.startsWith("/api/mo/uni/tn-k8s/out-a.json")
      ? {
          status: 200,
          body: JSON.stringify({
            imdata: [
              {
                l3extOut: {
                  attributes: { dn: "uni/tn-k8s/out-a", name: "a" },
                  children: [
                    {
                      l3extInstP: {
                        attributes: { name: "default" },
                        children: [{ l3extSubnet: { attributes: { ip: "10.1.0.0/16", scope: "import-security" } } }],
                      },
                    },
                  ],
                },
              },
            ],
          }),
        }
      : undefined;
  const session = sessionWith(fake);
  const subnet = mo("l3extSubnet", "uni/tn-k8s/out-a/instP-default/extsubnet-[10.1.0.0/16]", { scope: ["import-security"] });
  assert.equal((await planOf(session, [subnet])).changes, []);
  await session.close();
});

test.run();
