/** Time for a drifting machine: the number of trials that ran in each slot. */
export class Clock {
  readonly #trials = new Map<string, number>();
  #elsewhere = 0;

  now(slot: string): number {
    return (this.#trials.get(slot) ?? 0) + this.#elsewhere;
  }

  /** Counts trials that ran. An experiment given up before its first trial counts as one trial, in one of the slots. */
  pass(slot: string | undefined, n: number): void {
    if (slot === undefined) this.#elsewhere += n / Math.max(1, this.#trials.size);
    else this.#trials.set(slot, (this.#trials.get(slot) ?? 0) + n);
  }
}
