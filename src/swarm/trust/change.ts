/** One change on one class of hardware: who claims it, what all who measured it found, and what follows. */
import { posterior, scalePrior, DEFAULT_PRIOR } from '../../stats.ts';
import type { ClaimStatus, SwarmExperiment } from '../model.ts';
import type { Measurement } from './measurement.ts';

export interface Effect {
  readonly E: number;
  readonly V: number;
  readonly pGain: number;
}

/** What a claim is judged by: the weight of its node, 0 to 1, and the noise of one trial on its hardware. */
interface Word {
  /** The noise's standard deviation; null where it is unknown. */
  readonly sigma: number | null;
  readonly weight: number;
  /** How many other owners must support the claim. */
  readonly owners: number;
}

/** A difference of more standard deviations than this is not put down to chance. */
export const BEYOND_CHANCE = 4;

/** Another owner's measurement of a claim. */
export interface Witness {
  readonly experiment: SwarmExperiment;
  readonly owner: string;
  /** The log-likelihood ratio of the claim being true against it being false; above 0 it supports the claim. */
  readonly evidence: number;
  /** Whether it is too far from the claim to be chance. */
  readonly isRefuting: boolean;
}

/** With so many witnesses a claim is settled; later measurements are taken for what they measure and judge it no more. */
const MOST_WITNESSES = 12;
/** The most evidence, for or against, that one owner can give. */
const MOST_EVIDENCE = 4;
/** A claim whose probability is at least the first is confirmed, and one at most the second is missed or refuted. */
const CONFIRMED = 0.8;
const MISSED = 0.15;

export class Change {
  readonly claim: SwarmExperiment;
  readonly owner: string;
  readonly witnesses: Witness[] = [];
  /** The effect from the claim alone, and from all measurements that count. */
  readonly alone: Effect;
  effect: Effect;
  /** The evidence of each owner, summed over its nodes and their measurements. */
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

  /** The effect to expect of the next measurement: from the claim alone until another owner has measured it. */
  get expected(): Effect {
    return this.witnesses.length === 0 ? this.alone : this.effect;
  }

  /** A measurement far from the expected effect is evidence about the claim, but says nothing of the effect's size: it is a lie or a mistake. */
  measure({ d, s2 }: Measurement, witness: Witness): void {
    const { E, V } = this.expected;
    this.witnesses.push(witness);
    const { owner, evidence } = witness;
    this.#said.set(owner, clamp((this.#said.get(owner) ?? 0) + clamp(evidence)));
    this.#status = this.#judge();
    if (this.#sigma !== null && Math.abs(d - E) > BEYOND_CHANCE * Math.sqrt(s2 + V)) return;
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
    // One owner alone cannot undo what enough owners support.
    const counted = isBacked && (said[0] ?? 0) < 0 ? said.slice(1) : said;
    const likely = 1 / (1 + Math.exp(-counted.reduce((sum, each) => sum + each, this.#prior)));
    if (likely >= CONFIRMED && isBacked) return 'confirmed';
    if (likely > MISSED) return 'claimed';
    return this.witnesses.some(({ isRefuting }) => isRefuting) ? 'refuted' : 'missed';
  }

  /** Whether it has so many witnesses that another one would change nothing. */
  get isSettled(): boolean {
    return this.witnesses.length >= MOST_WITNESSES;
  }

  /** Whether only one other owner has measured it, so that a third one should. */
  get hasOneJudge(): boolean {
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
