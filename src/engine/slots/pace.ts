/** A proposal is made ahead where it takes longer than this share of a trial, and a trial longer than this share of a proposal. */
const SHARE = 0.1;
/** Seconds that both must take: below that, the time won is not worth proposals on an older basis. */
const WORTHWHILE = 5;
/** How many of the last ones count. */
const RECENT = 10;

/** How long proposals and trials take, and so how many experiments should be proposed ahead for each slot. */
export class Pace {
  readonly #asked: number | undefined;
  readonly #proposals: number[] = [];
  readonly #trials: number[] = [];

  /** `asked` is what the config says. */
  constructor(asked: number | undefined) {
    this.#asked = asked;
  }

  proposed(seconds: number): void {
    push(this.#proposals, seconds);
  }

  trained(seconds: number): void {
    push(this.#trials, seconds);
  }

  /** Experiments that may be proposed for a slot while it is at work; 0 while nothing is known. */
  get lookahead(): number {
    if (this.#asked !== undefined) return this.#asked;
    if (this.#proposals.length === 0 || this.#trials.length === 0) return 0;
    const [proposal, trial] = [mean(this.#proposals), mean(this.#trials)];
    return proposal > SHARE * trial && trial > SHARE * proposal && Math.min(proposal, trial) >= WORTHWHILE ? 1 : 0;
  }
}

function push(list: number[], value: number): void {
  list.push(value);
  if (list.length > RECENT) list.shift();
}

function mean(list: readonly number[]): number {
  return list.reduce((sum, value) => sum + value, 0) / list.length;
}
