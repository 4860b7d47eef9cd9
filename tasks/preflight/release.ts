/** A release of APIC or switch software, `5.2(7f)` (facts aci-objects 1.11). */
export interface Release {
  readonly major: number;
  readonly minor: number;
  readonly maintenance: number;
  /** Letters after the maintenance number; may be empty. */
  readonly patch: string;
}

/** Reads `5.2(7f)`, `6.0(4c)`, also with a platform in front (`n9000-15.2(7f)` is the switch's spelling of 5.2(7f)); undefined: no release. */
function parseRelease(text: string): Release | undefined {
  const found = /(?:^|-1)(\d+)\.(\d+)\((\d+)([a-z]*)\)/.exec(text);
  if (found === null) return undefined;
  const [, major = "", minor = "", maintenance = "", patch = ""] = found;
  return { major: Number(major), minor: Number(minor), maintenance: Number(maintenance), patch };
}

/** Whether a release is older than `5.0(1)` or the like. A text that is no release is older than nothing. */
export function isOlder(text: string, than: string): boolean {
  const own = parseRelease(text);
  const other = parseRelease(than);
  if (own === undefined || other === undefined) return false;
  const order =
    own.major - other.major ||
    own.minor - other.minor ||
    own.maintenance - other.maintenance ||
    own.patch.length - other.patch.length ||
    (own.patch < other.patch ? -1 : own.patch > other.patch ? 1 : 0);
  return order < 0;
}
