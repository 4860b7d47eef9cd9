import type { Failure } from "../../result.ts";

/** `conflict with "kubectl-label" using v1: .metadata.labels.rack_id`, one field on the same line. */
const ONE = /conflict with "([^"]+)"[^:\n]*(?:at [^\n]*?Z)?: (\.\S+)/g;
/** `conflicts with "argocd" using apps/v1:`, several fields, each on a line `- .spec.replicas`. */
const SEVERAL = /conflicts with "([^"]+)"[^\n]*:\n((?:- \.[^\n]*\n?)+)/g;

/** A server-side apply conflict (409) in words: who owns which field, and how to take it over. Undefined when it is not one. */
export function conflictFailure(doing: string, message: string): Failure | undefined {
  if (!/Apply failed with \d+ conflict/.test(message)) return undefined;
  const owned = [
    ...[...message.matchAll(ONE)].map(([, manager, field]) => `${field} belongs to field manager "${manager}"`),
    ...[...message.matchAll(SEVERAL)].flatMap(([, manager, fields]) =>
      (fields ?? "")
        .split("\n")
        .filter((line) => line.startsWith("- "))
        .map((line) => `${line.slice(2)} belongs to field manager "${manager}"`),
    ),
  ];
  return {
    kind: "failed",
    doing,
    message: owned.length > 0 ? owned.join("; ") : (message.split("\n")[0] ?? message),
    meaning: "somebody else set this field to another value and owns it (server-side apply, HTTP 409)",
    next: "find out who: kubectl get … -o yaml --show-managed-fields. To take the field over, say force: true",
  };
}
