import type { HostRecap, RunEvent } from "../../runner/event.ts";

/** The events of a small run: each event type once, every fiftieth host fails in the same way, a server sends terminal codes. */
export function scriptedRun(hosts: number): readonly RunEvent[] {
  const names = Array.from({ length: hosts }, (_, index) => `node${index + 1}`);
  const at = { file: "site.yaml", line: 7, column: 5, length: 4 };
  const task = { id: 1, task: "Bond and address" };
  const recap: Record<string, HostRecap> = {};
  const events: RunEvent[] = [
    { event: "run", playbook: "site.yaml", inventory: ["hosts.yaml"], check: false, lab: true, plays: 1, tasks: 1, hosts },
    { event: "warning", message: "validate_certs: false" },
    { event: "play", play: "Nodes", index: 0, hosts: names },
    { event: "task", ...task, type: "node.network", steps: [4], hosts: names, at },
  ];
  for (const [index, host] of names.entries()) {
    const counts = { ok: 0, changed: 0, skipped: 0, failed: 0, unreachable: 0, unknown: 0 };
    events.push({ event: "start", ...task, host });
    events.push({ event: "retry", ...task, host, attempt: 1, of: 3, reasons: ["not yet"] });
    if (index % 50 === 0) {
      const failure = {
        kind: "failed",
        doing: "sudo netplan apply",
        message: "exit code 78\n\u001b[31mno such link",
        meaning: "the name is wrong",
        next: "look at ip link",
      } as const;
      events.push({ event: "result", ...task, host, status: "failed", changes: 0, milliseconds: 3, failure, at });
      recap[host] = { ...counts, failed: 1 };
    } else {
      events.push({ event: "unknown", ...task, host, target: "x", reason: "not made yet" });
      events.push({ event: "message", ...task, host, text: "two\nlines" });
      events.push({ event: "result", ...task, host, status: "changed", changes: 1, milliseconds: 3 });
      recap[host] = { ...counts, changed: 1 };
    }
  }
  const last = names.at(-1) ?? "";
  events.splice(5, 0, {
    event: "change",
    ...task,
    host: last,
    target: "uni/tn-k8s",
    action: "modify",
    before: { maxEcmp: 16 },
    after: { maxEcmp: 64 },
  });
  events.push({ event: "requests", connection: "apic", counts: { login: 1, GET: 4 } });
  events.push({ event: "recap", hosts: recap, changes: 1, milliseconds: 65_000 });
  return events;
}
