import {
  levelIn,
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
} from '../../../src/stats.ts';
import type { Finding } from './filter.ts';
import { effectOf, type Under } from './courses.ts';

/** A speed of drift that is less likely than this against the likeliest changes no figure. */
const NEGLIGIBLE = 0.01;

interface Noise {
  readonly sigma: number;
  /** Repeats behind it, and with what a guess counts. */
  readonly df: number;
  readonly free: number;
  readonly s2: number;
}

/** Where the candidate ran. */
interface At {
  readonly slot: string;
}

/** One finding of those under each speed of drift, with the doubt that a sigma from a few repeats leaves. */
export function judgeUnderDoubt(found: readonly Under[], { sigma, df, free, s2, slot }: Noise & At): Finding {
  const likely = found.filter(({ weight }) => weight >= NEGLIGIBLE);
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
    interval: intervalOf(sigma > 0 && free > 0 ? mixtureOf(doubted(likely, s2, sigmaNodes(free))) : certain),
    drift: found.reduce((sum, { course, weight }) => sum + (course.q * weight) / weights, 0),
    ...inSlots(likely, slot),
    ...ownOf(likely),
  };
}

/** What is believed of the incumbent in every slot, where there are several. */
function inSlots(likely: readonly Under[], slot: string): Pick<Finding, 'slots'> {
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
function ownOf(likely: readonly Under[]): Pick<Finding, 'own'> {
  const parts = likely.flatMap(({ weight, own }) => (own === undefined ? [] : [{ weight, ...own.posterior, d: own.d }]));
  const [top] = parts.toSorted((a, b) => b.weight - a.weight);
  return top === undefined ? {} : { own: { d: top.d, ...mixParts(parts) } };
}

/** How likely the difference is under this speed of drift, whatever sigma is: one that is too small looks like drift. */
export function evidenceOf(found: Under, { sigma, free }: Pick<Noise, 'sigma' | 'free'>): number {
  // An idea that is held against a later incumbent seems worse than ideas are.
  const under = { ...found, ...found.own };
  if (sigma === 0 || free === 0) return under.posterior.logEvidence;
  return mixtureOf(doubted([{ ...under, weight: 1 }], under.s2, sigmaNodes(free))).logEvidence;
}

/** A posterior, and the logarithm of its weight. */
interface Weighed {
  readonly one: Posterior;
  readonly log: number;
}

/** Every finding under every value that sigma may have. */
function doubted(likely: readonly Under[], s2: number, nodes: readonly SigmaNode[]): Weighed[] {
  return likely.flatMap(({ d, before, priorAt, weight: likelihood, posterior: plain }) =>
    nodes.map(({ factor, weight }) => {
      const one = factor === 1 ? plain : posterior(d, s2 * factor ** 2, before.v * factor ** 2, priorAt(factor));
      return { one, log: Math.log(likelihood * weight) + one.logEvidence };
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

/** The 95 % interval: that of a normal distribution, which is close for a mixture of so many. */
function intervalOf({ E, V }: Posterior): Interval {
  const half = normalQuantile(0.975) * Math.sqrt(V);
  return [E - half, E + half];
}
