/** Counts requests by kind: `login`, `refresh`, `logout`, `GET`, `POST`. */
export interface RequestCounter {
  add(kind: string): void;
  counts(): Record<string, number>;
}

/** A counter at zero. Kinds that never happened do not appear. */
export function requestCounter(): RequestCounter {
  const counted = new Map<string, number>();
  return {
    add: (kind) => {
      counted.set(kind, (counted.get(kind) ?? 0) + 1);
    },
    counts: () => Object.fromEntries(counted),
  };
}
