/** Time as a drifting machine feels it: trials, slot by slot. */
export class Clock {
  readonly #trials = new Map<string, number>();
  #elsewhere = 0;

  now(slot: string): number {
    return (this.#trials.get(slot) ?? 0) + this.#elsewhere;
  }

  /** Trials have run; what was given up before its first trial took the time of one, in one of the slots. */
  pass(slot: string | undefined, n: number): void {
    if (slot === undefined) this.#elsewhere += n / Math.max(1, this.#trials.size);
    else this.#trials.set(slot, (this.#trials.get(slot) ?? 0) + n);
  }
}
