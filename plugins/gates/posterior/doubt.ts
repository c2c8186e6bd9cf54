import {
  effectQuantiles,
  levelIn,
  logEvidence,
  logSumExp,
  mixParts,
  normalQuantile,
  posterior,
  sigmaNodes,
  updateLevels,
  type Belief,
  type Components,
  type Interval,
  type Posterior,
  type SigmaNode,
  type WeightedPosterior,
} from '../../../src/stats.ts';
import type { Finding } from './filter.ts';
import { effectOf, type Conditional } from './drift-hypotheses.ts';

/** A speed of drift that is less likely than this against the likeliest changes no figure. */
const NEGLIGIBLE = 0.01;
/** The same of a value of sigma, for the ends of an interval. */
const NEGLIGIBLE_PART = 0.001;
const TAIL = 0.0175;
const SURE: readonly SigmaNode[] = [{ factor: 1, weight: 1 }];

interface Noise {
  readonly sigma: number;
  /** Repeats behind it, and with what a guess counts. */
  readonly df: number;
  readonly free: number;
  readonly s2: number;
}

/** Where the candidate ran, and by which rules it is judged. */
interface At {
  readonly slot: string;
  readonly rules: number;
}

/** One finding of those under each speed of drift, with the doubt that a sigma from a few repeats leaves. */
export function judgeUnderDoubt(found: readonly Conditional[], { sigma, df, free, s2, slot, rules }: Noise & At): Finding {
  const likely = found.filter(({ weight }) => weight >= NEGLIGIBLE);
  const isDoubted = sigma > 0 && free > 0;
  const parts = isDoubted || rules >= 3 ? doubted(likely, s2, isDoubted ? sigmaNodes(free) : SURE, rules) : [];
  const certain = mixtureOf(likely.map(({ weight, posterior }) => ({ log: Math.log(weight) + posterior.logEvidence, one: posterior })));
  const before = mixParts(likely.map(({ weight, before: { m, v } }) => ({ weight, E: m, V: v, pGain: 0 })));
  const top = likely.reduce((best, under) => (under.weight > best.weight ? under : best));
  const weights = found.reduce((sum, { weight }) => sum + weight, 0);
  return {
    d: top.d + top.before.m - before.E,
    s2,
    sigma,
    df,
    before: { m: before.E, v: before.V },
    prior: top.prior,
    posterior: certain,
    interval: rules < 3 || sigma === 0 ? intervalOf(isDoubted ? mixtureOf(parts) : certain) : quantilesOf(parts),
    drift: found.reduce((sum, { hypothesis, weight }) => sum + (hypothesis.q * weight) / weights, 0),
    ...inSlots(likely, slot),
    ...ownOf(likely),
  };
}

/** What is believed of the incumbent in every slot, where there are several. */
function inSlots(likely: readonly Conditional[], slot: string): Pick<Finding, 'slots'> {
  const slots = likely[0]?.levels.slots ?? [];
  if (slots.length < 2) return {};
  const after = (kept: boolean) => {
    const parts = likely.map((under) => ({
      weight: under.weight,
      levels: updateLevels(under.levels, slot, { d: under.d, s2: under.s2, posterior: effectOf(under), kept }),
    }));
    return slots.map((each): [string, Belief] => {
      const here = parts.map(({ weight, levels }) => ({ weight, level: levelIn(levels, each) }));
      const { E, V } = mixParts(here.map(({ weight, level: { m, v } }) => ({ weight, E: m, V: v, pGain: 0 })));
      return [each, { m: E, v: V }];
    });
  };
  return { slots: { slot, after } };
}

/** The effect against the commit that the change was made on, where that is not the incumbent any more. */
function ownOf(likely: readonly Conditional[]): Pick<Finding, 'own'> {
  const parts = likely.flatMap(({ weight, own }) => (own === undefined ? [] : [{ weight, ...own.posterior, d: own.d }]));
  const [top] = parts.toSorted((a, b) => b.weight - a.weight);
  return top === undefined ? {} : { own: { d: top.d, ...mixParts(parts) } };
}

/** How likely the difference is under this speed of drift, whatever sigma is: one that is too small looks like drift. */
export function evidenceOf(found: Conditional, { sigma, free }: Pick<Noise, 'sigma' | 'free'>): number {
  // Compared with a later incumbent, an idea seems worse than it is.
  const under = { ...found, ...found.own };
  if (sigma === 0 || free === 0) return under.posterior.logEvidence;
  const { d, s2, before, priorAt } = under;
  const logs = sigmaNodes(free).map(
    ({ factor, weight }) => Math.log(weight) + logEvidence(d, (s2 + before.v) * factor ** 2, priorAt(factor)),
  );
  return logSumExp(logs);
}

/** A posterior, and the logarithm of its weight. */
interface Weighed {
  readonly one: Posterior;
  readonly log: number;
}

interface Doubted extends Weighed, Pick<WeightedPosterior, 'd' | 'variance' | 'prior'> {}

/**
 * Every finding under every value that sigma may have. A value is as likely as the repeats say. Up to rule set 3 it was more
 * likely where it explained the difference: a large effect made the noise seem large, and its interval could leave out the
 * estimate itself.
 */
function doubted(likely: readonly Conditional[], s2: number, nodes: readonly SigmaNode[], rules: number): Doubted[] {
  return likely.flatMap(({ d, before, priorAt, weight: likelihood, posterior: plain }) =>
    nodes.map(({ factor, weight }) => {
      const prior = priorAt(factor);
      const one = factor === 1 ? plain : posterior(d, s2 * factor ** 2, before.v * factor ** 2, prior);
      return {
        one,
        log: Math.log(likelihood * weight) + (rules < 4 ? one : plain).logEvidence,
        d,
        variance: (s2 + before.v) * factor ** 2,
        prior,
      };
    }),
  );
}

function mixtureOf(parts: readonly Weighed[]): Posterior {
  const highest = Math.max(...parts.map(({ log }) => log));
  const weighted = parts.map(({ one, log }) => ({ ...one, weight: Math.exp(log - highest) }));
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  const mixed = (of: 'r' | 'size'): Components => {
    const at = (k: 0 | 1 | 2 | 3) => weighted.reduce((sum, part) => sum + part.weight * part[of][k], 0) / total;
    return [at(0), at(1), at(2), at(3)];
  };
  return { ...mixParts(weighted), r: mixed('r'), size: mixed('size'), logEvidence: highest + Math.log(total) };
}

/**
 * The 95 % interval, with the tails that the distribution has: it leans to one side, and has a peak at zero. Less than 2.5 % is
 * left on each side, because the prior is learned from a few experiments and taken as if it were known.
 */
function quantilesOf(parts: readonly Doubted[]): Interval {
  const highest = Math.max(...parts.map(({ log }) => log));
  const weighted = parts.map(({ one, log, d, variance, prior }) => ({
    posterior: one,
    weight: Math.exp(log - highest),
    d,
    variance,
    prior,
  }));
  return effectQuantiles(
    weighted.filter(({ weight }) => weight >= NEGLIGIBLE_PART),
    TAIL,
  );
}

/** The 95 % interval of rule set 2: that of a normal distribution, which is close for a mixture of so many. */
function intervalOf({ E, V }: Posterior): Interval {
  const half = normalQuantile(0.975) * Math.sqrt(V);
  return [E - half, E + half];
}
