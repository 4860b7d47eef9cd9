import { createHash } from "node:crypto";

const SEAL = /^# underlay sha256:([0-9a-f]{64})\n/;

/**
 * Marks a file as ours: a first line with the checksum of the rest. A file whose seal is whole holds nothing that somebody else wrote,
 * so it may be replaced without a backup. For formats in which `#` starts a comment.
 */
export function seal(body: string): string {
  return `# underlay sha256:${checksum(body)}\n${body}`;
}

/** Whether a file was written by us and not touched since. */
export function isSealed(content: string): boolean {
  const found = SEAL.exec(content);
  return found !== null && found[1] === checksum(content.slice(found[0].length));
}

function checksum(body: string): string {
  return createHash("sha256").update(body).digest("hex");
}
