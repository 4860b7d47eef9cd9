import { isObject } from "../../json.ts";
import type { FoundObject } from "../managed-object.ts";
import { relativeName } from "./class-table.ts";

/** What the body of an answer says, whatever its status. */
export interface Answer {
  readonly objects: readonly FoundObject[];
  /** The server's own words when it refused: code and text of `imdata[0].error`, or the title of an HTML page. */
  readonly error: { readonly code: string | undefined; readonly text: string } | undefined;
}

/** Reads a body: JSON as the controller writes it, or the HTML page of the web server in front of it (facts 1.8). */
export function readAnswer(body: string): Answer {
  const parsed = parseJson(body);
  if (!isObject(parsed) || !Array.isArray(parsed.imdata))
    return { objects: [], error: { code: undefined, text: pageTitle(body) } };
  const items: unknown[] = parsed.imdata;
  for (const item of items) {
    const error = isObject(item) && isObject(item.error) ? item.error : undefined;
    if (error === undefined) continue;
    const attributes = textAttributes(error.attributes);
    return { objects: [], error: { code: attributes.code, text: attributes.text ?? "" } };
  }
  return { objects: items.flatMap((item) => readObject(item, undefined)), error: undefined };
}

/**
 * Top-level objects carry `dn`, nested ones `rn`, and some answers of nested ones neither (facts 1.5). One of a class that is not in
 * the table then gets its class for a name: nobody asks for it, but that it is there must be known before its parent is deleted.
 */
function readObject(item: unknown, parent: string | undefined): FoundObject[] {
  if (!isObject(item)) return [];
  return Object.entries(item).flatMap(([className, content]) => {
    if (!isObject(content)) return [];
    const attributes = textAttributes(content.attributes);
    const rn = attributes.rn || (relativeName(className, attributes) ?? [className, attributes.name ?? ""].join(" ").trim());
    const dn = attributes.dn || (parent === undefined ? undefined : `${parent}/${rn}`);
    const children: unknown[] = Array.isArray(content.children) ? content.children : [];
    const inner = children.flatMap((child) => readObject(child, dn ?? ""));
    return [{ className, dn: dn ?? "", attributes, children: inner }];
  });
}

function textAttributes(value: unknown): Record<string, string> {
  const texts: Record<string, string> = {};
  if (isObject(value)) {
    for (const [name, text] of Object.entries(value)) texts[name] = typeof text === "string" ? text : String(text);
  }
  return texts;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const LONGEST_EXCERPT = 120;

function pageTitle(body: string): string {
  const title = /<title>([^<]*)<\/title>/i.exec(body)?.[1]?.trim();
  if (title) return title;
  const words = body
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return words === "" ? "empty answer" : words.slice(0, LONGEST_EXCERPT);
}
