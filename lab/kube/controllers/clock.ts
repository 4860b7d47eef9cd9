/** The longest that a timer of Node.js can wait. */
const LONGEST = 2 ** 31 - 1;

/** Time for controllers: what it is, and being called again when something is due. */
export class Clock {
  readonly #ring: () => void;
  #due: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** `ring` is called when something is due. */
  constructor(ring: () => void) {
    this.#ring = ring;
  }

  /** Milliseconds, as Date.now(). */
  now(): number {
    return Date.now();
  }

  /** Asks for a call at a time. Those who still wait then have to ask again. */
  wakeAt(time: number): void {
    if (this.#closed || (this.#due !== undefined && this.#due <= time)) return;
    clearTimeout(this.#timer);
    this.#due = time;
    this.#timer = setTimeout(
      () => {
        this.#due = undefined;
        this.#ring();
      },
      Math.min(Math.max(0, time - this.now()), LONGEST),
    ).unref();
  }

  /** Nothing is due any more. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }
}
