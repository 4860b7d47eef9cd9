import type { Diagnostic } from "../diagnostic.ts";

/** Collects diagnostics. The same one for many hosts is kept once, with a host named and the others counted. */
export interface Problems {
  report(diagnostic: Diagnostic): void;
  /** A diagnostic that holds for one of the hosts of a play. */
  reportFor(host: string, diagnostic: Diagnostic): void;
  /** In the order of files and lines. */
  all(): Diagnostic[];
}

/** Rules about what is written, whatever host it is read for. */
const SAME_FOR_ALL = new Set([
  "expression-syntax",
  "unknown-filter",
  "unknown-test",
  "unknown-function",
  "cyclic-variable",
  "wrong-place",
]);

export function createProblems(): Problems {
  const found = new Map<string, { readonly diagnostic: Diagnostic; readonly hosts: Set<string>; everywhere: boolean }>();
  const keyOf = ({ rule, message, at }: Diagnostic): string => [rule, at?.file, at?.line, at?.column, message].join("\0");
  const entry = (diagnostic: Diagnostic) => {
    const key = keyOf(diagnostic);
    const known = found.get(key) ?? { diagnostic, hosts: new Set<string>(), everywhere: false };
    found.set(key, known);
    return known;
  };
  return {
    report(diagnostic) {
      entry(diagnostic).everywhere = true;
    },
    reportFor(host, diagnostic) {
      if (SAME_FOR_ALL.has(diagnostic.rule)) entry(diagnostic).everywhere = true;
      else entry(diagnostic).hosts.add(host);
    },
    all() {
      const files = [...new Set([...found.values()].map(({ diagnostic }) => diagnostic.at?.file))];
      return [...found.values()]
        .map(({ diagnostic, hosts, everywhere }) => {
          const [first] = hosts;
          if (first === undefined || everywhere) return diagnostic;
          const others = hosts.size > 1 ? ` and ${hosts.size - 1} more` : "";
          return { ...diagnostic, message: `${diagnostic.message} (host ${first}${others})` };
        })
        .sort(
          (a, b) =>
            files.indexOf(a.at?.file) - files.indexOf(b.at?.file) ||
            (a.at?.line ?? 0) - (b.at?.line ?? 0) ||
            (a.at?.column ?? 0) - (b.at?.column ?? 0),
        );
    },
  };
}
