import { suite } from "uvu";
import * as assert from "uvu/assert";
import { guardScripts } from "../../tasks/node/guard-scripts.ts";
import type { FileStep } from "../../tasks/node/network-plan.ts";

const test = suite("rollback scripts");

function step(path: string, found: string | undefined, content: string | undefined): FileStep {
  return {
    wanted: { kind: "file", path, content: content ?? "", mode: "0600", state: content === undefined ? "absent" : "present" },
    found: found === undefined ? undefined : { content: found, mode: "0600" },
  };
}

const scripts = guardScripts({
  files: [
    step("/etc/netplan/50-cloud-init.yaml", "old", undefined),
    step("/etc/netplan/it's.yaml", "old", "new"),
    step("/etc/netplan/90-underlay.yaml", undefined, "new"),
  ],
  drift: { changes: [], remove: ["eno1.310"], create: ["bond0", "bond0.310"] },
});

function lines(script: string): readonly string[] {
  return script.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

test("every file that is there is saved before anything else", () => {
  assert.equal(scripts.save, [
    ["cp", "-p", "--", "/etc/netplan/50-cloud-init.yaml", "/run/underlay/file-1"],
    ["cp", "-p", "--", "/etc/netplan/it's.yaml", "/run/underlay/file-2"],
  ]);
});

test("the rollback puts files back, removes new ones and new links from top to bottom, and applies", () => {
  assert.equal(lines(scripts.rollback), [
    "cp -p -- /run/underlay/file-1 /etc/netplan/50-cloud-init.yaml",
    "cp -p -- /run/underlay/file-2 '/etc/netplan/it'\\''s.yaml'",
    "rm -f -- /etc/netplan/90-underlay.yaml",
    "ip link delete dev bond0.310",
    "ip link delete dev bond0",
    "netplan apply",
  ]);
});

test("the change removes what is in the way, then applies", () => {
  assert.equal(lines(scripts.apply), ["ip link delete dev eno1.310", "netplan apply"]);
});

test.run();
