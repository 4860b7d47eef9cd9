/** A release of a CNI: `v3.31.7`, `2.11.1`, `1.20.0-rc.1`. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** What follows the numbers of a version that is not yet released (`rc.1`); such a version comes before the release. */
  readonly preRelease: string | undefined;
}

/** Optional `v`, one to three numbers, then pre-release (`-rc.1`) and build (`+abc`) as in Semantic Versioning 2.0.0, sections 9 and 10. */
const FORM = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

/** Reads a version with or without `v`; numbers left out are 0. Undefined for anything else (`latest`, a digest). */
export function parseVersion(text: string): Version | undefined {
  const [, major, minor = "0", patch = "0", preRelease] = FORM.exec(text.trim()) ?? [];
  if (major === undefined) return undefined;
  return { major: Number(major), minor: Number(minor), patch: Number(patch), preRelease };
}

/**
 * Whether a version is older than a release, written as in its release notes (`"2.7"`, `"1.5.1"`). A pre-release comes before its own
 * release, so that what a release brought is not expected of it. Two pre-releases of the same numbers are not told apart.
 */
export function isBefore(version: Version, release: string): boolean {
  const other = parseVersion(release);
  if (other === undefined) throw new Error(`not a version: ${release}`);
  for (const part of ["major", "minor", "patch"] as const) {
    if (version[part] !== other[part]) return version[part] < other[part];
  }
  return version.preRelease !== undefined && other.preRelease === undefined;
}
