import * as assert from "uvu/assert";
import { type Course, courseOf } from "./course.ts";
import type { Design } from "./design-choices.ts";

/** n0 is in rack 1; both its leaves hold its pod prefix. */
export const BOTH = ["201 10.1.0.0/26", "202 10.1.0.0/26"];
export const STALE = ["~201 10.1.0.0/26", "~202 10.1.0.0/26"];
export const UP = ["established, Established", "established, Established"];

/** Runs something on a design that is up. */
export function on(change: Partial<Design>, run: (course: Course) => void, speed = 1): void {
  const course = courseOf(change, speed);
  try {
    assert.equal(course.sessionsOf("n0"), UP);
    run(course);
  } finally {
    course.close();
  }
}

/** Another start of the BGP program of n0. */
export function restart(course: Course, start: string): void {
  course.kube((object) => {
    const isAgent = object.kind === "Pod" && Object(object.spec).nodeName === "n0";
    return isAgent ? { ...object, status: { ...Object(object.status), startTime: start } } : object;
  });
}

/** Removes the pod of the BGP program of n0. */
export function kill(course: Course): void {
  course.kube((object) => (object.kind === "Pod" && Object(object.spec).nodeName === "n0" ? undefined : object));
}

export function nodePassword(course: Course, password: string): void {
  course.kube((object) =>
    object.kind === "Secret" ? { ...object, data: { password: Buffer.from(password).toString("base64") } } : object,
  );
}

export function leafPassword(course: Course, password: string): void {
  course.fabric("bgpPeerP", (_, secure) => {
    secure.password = password;
    return undefined;
  });
}
