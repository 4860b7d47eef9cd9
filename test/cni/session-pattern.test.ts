import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type PlannedSession, problemLines, whereToLook } from "../../tasks/cni/session-pattern.ts";

const test = suite("sessions that are down, by what is up");

const addresses = { leaf201: "192.168.2.201", leaf202: "192.168.2.202" };
const planned = (["ipv4", "ipv6"] as const).flatMap((family) =>
  ["worker-1", "worker-2"].flatMap((node) =>
    (["leaf201", "leaf202"] as const).map((leaf): PlannedSession => {
      return { node, leaf, family, peer_address: family === "ipv4" ? addresses[leaf] : `fd00:2::${leaf.slice(4)}` };
    }),
  ),
);
const [first] = planned;
const oneFamily = planned.filter(({ family }) => family === "ipv4");

const cases: readonly [string, readonly PlannedSession[], (session: PlannedSession) => boolean, RegExp][] = [
  ["nothing is up", planned, () => true, /^no session at all comes up: wrong BGP password/],
  ["the other family is up", planned, ({ family }) => family === "ipv4", /their IPv6 session is up, so cable and VLAN are right/],
  ["all of the node", oneFamily, ({ node }) => node === "worker-1", /^no session of worker-1 comes up, .*cabled to other/],
  ["all of the leaf", oneFamily, ({ leaf }) => leaf === "leaf201", /^no session of leaf201 comes up, .*no BGP peer on this leaf/],
  ["one alone", oneFamily, (session) => session === first, /^wrong BGP password or VLAN/],
];
for (const [name, sessions, isDown, expected] of cases) {
  test(name, () => {
    assert.ok(first);
    assert.match(
      whereToLook(first, sessions, (session) => !isDown(session)),
      expected,
    );
  });
}

const said = (sessions: readonly PlannedSession[]) =>
  problemLines(
    sessions.map((session) => ({ session, text: "Idle; wrong AS" })),
    planned.length,
  );

test("what is wrong in the same way is one line", () => {
  assert.equal(said(planned), ["all 8 sessions: Idle; wrong AS"]);
  assert.equal(said(oneFamily.slice(0, 2)), ["worker-1 to leaf201 (192.168.2.201), leaf202 (192.168.2.202): Idle; wrong AS"]);
  assert.equal(said(oneFamily.filter(({ leaf }) => leaf === "leaf202")), [
    "worker-1, worker-2 to leaf202 (192.168.2.202): Idle; wrong AS",
  ]);
  const [line = ""] = said(planned.slice(0, 7));
  assert.match(line, /^worker-1 to leaf201 .*, worker-1 to leaf202 .*, worker-2 to leaf201 .* and 4 more: Idle/);
});

test("what differs stays apart; an example is told once", () => {
  const problems = oneFamily.map((session, index) => ({ session, text: index < 2 ? "one" : "two", example: `example ${index}` }));
  assert.equal(
    problemLines(problems, planned.length).map((line) => line.replace(/^.*: /, "")),
    ["one, such as example 0", "two, such as example 2"],
  );
});

test.run();
