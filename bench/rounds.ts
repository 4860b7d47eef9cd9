/** One way of doing a job. */
export interface Side {
  readonly name: string;
  /** Puts things back before each round; not measured. */
  readonly prepare?: () => Promise<void>;
  readonly run: () => Promise<void>;
}

/** How long a side took, in milliseconds, over all rounds. */
export interface Samples {
  readonly name: string;
  readonly minimum: number;
  readonly median: number;
}

/** Rounds that nobody measures: code is compiled, modules and keys are loaded. */
const WARM_UP = 2;

/**
 * Runs all sides in turn, round after round, so that a machine that is busy for a while is busy for all of them. Who begins changes
 * with each round. Samples come in the order of the sides.
 */
export async function interleave(sides: readonly Side[], rounds: number): Promise<readonly Samples[]> {
  const taken = new Map<Side, number[]>(sides.map((side) => [side, []]));
  for (let round = -WARM_UP; round < rounds; round++) {
    const first = (round + WARM_UP) % sides.length;
    for (const side of [...sides.slice(first), ...sides.slice(0, first)]) {
      await side.prepare?.();
      const since = performance.now();
      await side.run();
      const milliseconds = performance.now() - since;
      if (round >= 0) taken.get(side)?.push(milliseconds);
    }
  }
  return [...taken].map(([{ name }, times]) => ({ name, minimum: Math.min(...times), median: medianOf(times) }));
}

function medianOf(times: readonly number[]): number {
  const sorted = [...times].sort((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}
