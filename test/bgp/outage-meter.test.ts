import { suite } from "uvu";
import * as assert from "uvu/assert";
import { outageMeter } from "../../tasks/bgp/outage-meter.ts";

const test = suite("outage of a session, from looks at a leaf");

/** Looks at one session: moments in milliseconds, each answered 10 ms later. `u` up, `d` down, a digit: up with that many flaps. */
function looks(course: readonly (readonly [number, string])[]) {
  const meter = outageMeter();
  for (const [asked, state] of course) {
    meter.see("s", { asked, answered: asked + 10 }, { established: state !== "d", mark: /\d/.test(state) ? state : "" });
  }
  return meter;
}

const courses: readonly (readonly [string, readonly (readonly [number, string])[], number, boolean])[] = [
  [
    "never down",
    [
      [0, "u"],
      [250, "u"],
      [500, "u"],
    ],
    0,
    false,
  ],
  // From the last question that found it up to the first answer that did again.
  [
    "down for two looks",
    [
      [0, "u"],
      [250, "d"],
      [500, "d"],
      [750, "u"],
    ],
    0.8,
    false,
  ],
  [
    "down twice",
    [
      [0, "u"],
      [250, "d"],
      [500, "u"],
      [750, "d"],
      [1000, "u"],
    ],
    1.1,
    false,
  ],
  [
    "still down",
    [
      [0, "u"],
      [250, "d"],
      [500, "d"],
    ],
    0.6,
    true,
  ],
  [
    "down from the first look",
    [
      [0, "d"],
      [250, "d"],
      [500, "u"],
    ],
    0.6,
    false,
  ],
  [
    "down and up between two looks",
    [
      [0, "1"],
      [250, "1"],
      [500, "2"],
    ],
    0.3,
    false,
  ],
  ["never looked at", [], 0, true],
];
for (const [name, course, seconds, lasts] of courses) {
  test(name, () => assert.equal(looks(course).outageOf("s"), { seconds, lasts }));
}

test("a session counts as reset only when it was down since that moment", () => {
  const meter = looks([
    [0, "u"],
    [250, "d"],
    [500, "u"],
    [750, "u"],
  ]);
  assert.ok(meter.wasResetSince("s", 400));
  assert.not.ok(meter.wasResetSince("s", 600));
  assert.not.ok(
    looks([
      [0, "u"],
      [250, "u"],
    ]).wasResetSince("s", 0),
  );
  assert.ok(
    looks([
      [0, "1"],
      [250, "2"],
    ]).wasResetSince("s", 100),
  );
});

test.run();
