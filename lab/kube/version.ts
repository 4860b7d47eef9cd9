/** A release of a CNI: `v3.31.7` and `1.19.6` as their first two numbers. */
export interface Release {
  readonly major: number;
  readonly minor: number;
}

/** Reads a version with or without `v`, with or without an image digest behind it; undefined when it is none. */
export function releaseOf(version: string): Release | undefined {
  const found = /^v?(\d+)\.(\d+)/.exec(version);
  return found === null ? undefined : { major: Number(found[1]), minor: Number(found[2]) };
}

/** Whether a release is this one or a newer. */
export function atLeast(release: Release, major: number, minor: number): boolean {
  return release.major > major || (release.major === major && release.minor >= minor);
}

/** The release of a container image by its tag: `quay.io/cilium/cilium:v1.19.6@sha256:…`. */
export function imageRelease(image: string): Release | undefined {
  const [name = ""] = image.split("@", 1);
  return releaseOf(/:([^:/]+)$/.exec(name)?.[1] ?? "");
}
