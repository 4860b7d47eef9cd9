/** An outage in the middle of a run: begins when so many writes have been carried out, and lasts so many seconds. Happens once. */
export interface OutageAfter {
  /**
   * Whether a request that arrives now meets it. After 0 writes it begins with the first write, which is not carried out; else with what
   * comes after the last of them.
   */
  meets(isWrite: boolean): boolean;
  /** A write was carried out. */
  written(): void;
}

/** Form of the fault's value: `2:30`, after two writes for 30 seconds. */
export const OUTAGE_AFTER = /^([0-9]+):([1-9][0-9]*)$/;

/** Reads a fault's value; undefined: there is no such outage. */
export function outageAfter(value: string | undefined): OutageAfter {
  const [, writes, seconds] = OUTAGE_AFTER.exec(value ?? "") ?? [];
  if (writes === undefined || seconds === undefined) return { meets: () => false, written: () => undefined };
  let left = Number(writes);
  let until: number | undefined;
  return {
    meets: (isWrite) => {
      if (until === undefined && left === 0 && (isWrite || Number(writes) > 0)) until = Date.now() + Number(seconds) * 1000;
      return until !== undefined && Date.now() < until;
    },
    written: () => {
      left = Math.max(0, left - 1);
    },
  };
}
