/** The processes of a trial are started first. */
const AFTER_START_MS = 20;
/** Where no trial starts, as while an agent works. */
const LATEST_MS = 1000;

/** Puts work off until the loop waits for a trial, so that it takes no time between one trial and the next. */
export class Quiet {
  readonly #work: () => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(work: () => void) {
    this.#work = work;
  }

  /** There is something to do. */
  due(): void {
    if (this.#timer === null) this.#in(LATEST_MS);
  }

  trialStarted(): void {
    if (this.#timer !== null) this.#in(AFTER_START_MS);
  }

  cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #in(ms: number): void {
    this.cancel();
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#work();
    }, ms).unref();
  }
}
