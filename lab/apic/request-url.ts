/** What a URL below `/api/` asks for (aci-objects 1.3). */
export type ApiTarget =
  | { readonly kind: "mo"; readonly dn: string }
  | { readonly kind: "class"; readonly className: string; readonly scope: string }
  | { readonly kind: "method"; readonly name: string };

/** A request line, read. */
export type ApiUrl =
  | { readonly kind: "api"; readonly target: ApiTarget; readonly query: ReadonlyMap<string, string> }
  | { readonly kind: "xml" }
  | { readonly kind: "unknown" };

/** Reads a path with its query. DNs may be percent-encoded, but for their slashes. */
export function readUrl(url: string): ApiUrl {
  const mark = url.indexOf("?");
  const path = decode(mark === -1 ? url : url.slice(0, mark))?.replace(/\/{2,}/g, "/");
  if (path === undefined) return { kind: "unknown" };
  const query = new Map(new URLSearchParams(mark === -1 ? "" : url.slice(mark + 1)));
  const match = /^\/api\/(.+)\.(json|xml)$/s.exec(path);
  if (match === null) return { kind: "unknown" };
  if (match[2] === "xml") return { kind: "xml" };
  const target = readTarget(match[1] ?? "");
  return target === undefined ? { kind: "unknown" } : { kind: "api", target, query };
}

function readTarget(rest: string): ApiTarget | undefined {
  if (rest === "mo" || rest === "node/mo") return { kind: "mo", dn: "" };
  const mo = /^(?:node\/)?mo\/(.*)$/s.exec(rest);
  if (mo !== null) return { kind: "mo", dn: mo[1] ?? "" };
  const byClass = /^(?:node\/)?class\/(?:(.+)\/)?([a-zA-Z][a-zA-Z0-9]*)$/s.exec(rest);
  if (byClass !== null) return { kind: "class", className: byClass[2] ?? "", scope: byClass[1] ?? "" };
  return /^[a-zA-Z]+$/.test(rest) ? { kind: "method", name: rest } : undefined;
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
