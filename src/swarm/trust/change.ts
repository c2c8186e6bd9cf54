/** One change on one class of hardware: who claims it, what all who measured it found, and what follows. */
import { posterior, scalePrior, DEFAULT_PRIOR } from '../../stats.ts';
import type { ClaimStatus, SwarmExperiment } from '../model.ts';
import type { Measurement } from './measurement.ts';

export interface Effect {
  readonly E: number;
  readonly V: number;
  readonly pGain: number;
}

/** How much the word of the claim's node counts, 0 to 1, and the noise of one trial on its hardware. */
interface Word {
  /** Null where nothing is known of it. */
  readonly sigma: number | null;
  readonly weight: number;
  /** How many other owners must support the claim. */
  readonly owners: number;
}

/** Further off than this many standard deviations is no chance. */
export const OUT_OF_REACH = 4;

/** What a measurement of another owner says. */
export interface Witness {
  readonly experiment: SwarmExperiment;
  readonly owner: string;
  /** How much more likely it is if the claim holds than if it does not: the logarithm; above 0 it supports the claim. */
  readonly evidence: number;
  /** Is it so far off that chance cannot explain it? */
  readonly isOut: boolean;
}

/** Those who measure it later take it as it is. */
const MOST_WITNESSES = 12;
/** The most that one owner's word counts, whatever was measured. */
const MOST_EVIDENCE = 4;
/** How likely it must be that a claim holds, so that it counts, and below what it counts as missed. */
const CONFIRMED = 0.8;
const MISSED = 0.15;

export class Change {
  readonly claim: SwarmExperiment;
  readonly owner: string;
  readonly witnesses: Witness[] = [];
  /** The claim by itself, and all that counts together. */
  readonly alone: Effect;
  effect: Effect;
  /** By owner, however many nodes it has, and however often they measure. */
  readonly #said = new Map<string, number>();
  #isWithdrawn = false;
  #status: ClaimStatus = 'claimed';
  readonly #prior: number;
  /** Other owners that must support it. */
  readonly #owners: number;
  readonly #sigma: number | null;
  #precision: number;
  #weighted: number;

  constructor(claim: SwarmExperiment, owner: string, { d, s2 }: Measurement, { sigma, weight, owners }: Word) {
    [this.claim, this.owner, this.#sigma, this.#owners] = [claim, owner, sigma, owners];
    this.alone = effectOf(d, s2, sigma);
    const belief = Math.min(0.8, Math.max(0.2, weight));
    this.#prior = Math.log(belief / (1 - belief));
    this.#precision = weight / s2;
    this.#weighted = weight * (d / s2);
    this.effect = weight > 0 ? effectOf(d, s2 / weight, sigma) : this.alone;
  }

  /** What is expected of it when it is measured again. */
  get expected(): Effect {
    return this.witnesses.length === 0 ? this.alone : this.effect;
  }

  /** One that is out of reach of all others tells of a lie or a mistake, and not of the size of the effect. */
  measure({ d, s2 }: Measurement, witness: Witness): void {
    const { E, V } = this.expected;
    this.witnesses.push(witness);
    const { owner, evidence } = witness;
    this.#said.set(owner, clamp((this.#said.get(owner) ?? 0) + clamp(evidence)));
    this.#status = this.#judge();
    if (this.#sigma !== null && Math.abs(d - E) > OUT_OF_REACH * Math.sqrt(s2 + V)) return;
    this.#precision += 1 / s2;
    this.#weighted += d / s2;
    this.effect = effectOf(this.#weighted / this.#precision, 1 / this.#precision, this.#sigma);
  }

  withdraw(): void {
    this.#isWithdrawn = true;
    this.#status = 'withdrawn';
  }

  get status(): ClaimStatus {
    return this.#status;
  }

  /** The claim of a guest needs one owner more: its own name stands for nobody. */
  #judge(): ClaimStatus {
    if (this.#isWithdrawn) return 'withdrawn';
    const said = [...this.#said.values()].toSorted((a, b) => a - b);
    const isBacked = said.filter((each) => each > 0).length >= this.#owners;
    // What enough owners support, one alone cannot undo.
    const counted = isBacked && (said[0] ?? 0) < 0 ? said.slice(1) : said;
    const likely = 1 / (1 + Math.exp(-counted.reduce((sum, each) => sum + each, this.#prior)));
    if (likely >= CONFIRMED && isBacked) return 'confirmed';
    if (likely > MISSED) return 'claimed';
    return this.witnesses.some(({ isOut }) => isOut) ? 'refuted' : 'missed';
  }

  /** Have so many spoken of it that another one would change nothing? */
  get isSettled(): boolean {
    return this.witnesses.length >= MOST_WITNESSES;
  }

  /** Has one owner alone spoken of what another one claims? */
  get isWordAgainstWord(): boolean {
    return this.#said.size === 1;
  }
}

function clamp(evidence: number): number {
  return Math.max(-MOST_EVIDENCE, Math.min(MOST_EVIDENCE, evidence));
}

function effectOf(d: number, s2: number, sigma: number | null): Effect {
  if (sigma === null || sigma === 0) return { E: d, V: 0, pGain: d < 0 ? 1 : 0 };
  const { E, V, pGain } = posterior(d, s2, 0, scalePrior(DEFAULT_PRIOR, sigma));
  return { E, V, pGain };
}
