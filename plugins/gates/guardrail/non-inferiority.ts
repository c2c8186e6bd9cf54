import { ReasonError, type GateResult, type Json } from '../../../src/plugin.ts';
import {
  countChanges,
  nonInferiorBinary,
  nonInferiorMean,
  nonInferiorQuantile,
  normalQuantile,
  requiredItems,
  standardDeviation,
  type NonInferiority,
} from '../../../src/stats.ts';
import { mean, type Pair } from './pairs.ts';

export interface NonInferiorityOptions {
  readonly metric: string;
  readonly test: 'ni-paired-binary' | 'ni-mean' | 'ni-quantile';
  readonly worse: 'higher' | 'lower';
  readonly margin: number;
  readonly alpha: number;
  readonly minItems: number;
  readonly quantile: number;
  readonly resamples: number;
  /** For the redraws of ni-quantile. */
  readonly seed: number;
}

interface Result extends NonInferiority {
  /** The number of items with which a candidate as good as this one appears would pass with a probability of 0.8; Infinity if no number would do. */
  readonly needed: number;
  readonly details: Readonly<Record<string, Json>>;
}

const POWER = 0.8;
const TESTS = { 'ni-paired-binary': testBinary, 'ni-mean': testMean, 'ni-quantile': testQuantile };

/** Do the items rule out that the candidate is worse than the anchor by the margin? */
export function judgeNonInferiority(pairs: readonly Pair[], options: NonInferiorityOptions): GateResult {
  const { metric, test, margin, minItems, alpha } = options;
  const { estimate, upper, pass, needed, details } = TESTS[test](pairs, options);
  const n = pairs.length;
  const bound = Number.isFinite(upper) ? upper : null;
  const least = Number.isFinite(needed) ? Math.max(needed, minItems) : null;
  const evidence = { n, estimate, upper: bound, margin, alpha, minItems, needed: least, ...details };
  const figures = `${metric} ${words(estimate, options)} on ${n} items, at most ${bound === null ? 'unknown' : words(bound, options)}`;
  if (n < minItems) {
    const reason = `${figures}: too few items to tell; at least ${minItems} are asked${least !== null && least > minItems ? `, and about ${least} would be needed` : ''}`;
    return { outcome: 'fail', code: 'INCONCLUSIVE', reason, evidence };
  }
  if (pass) return { outcome: 'pass', code: 'NOT_WORSE', reason: `${figures}; ${words(margin, options)} is ruled out`, evidence };
  if (estimate >= margin)
    return { outcome: 'fail', code: 'GUARDRAIL', reason: `${figures}; ${words(margin, options)} is not tolerated`, evidence };
  const more = least === null ? '' : `: about ${Math.max(least, n + 1)} items would be needed`;
  return { outcome: 'fail', code: 'INCONCLUSIVE', reason: `${figures}; ${words(margin, options)} is not ruled out${more}`, evidence };
}

function testBinary(pairs: readonly Pair[], { metric, worse, margin, alpha }: NonInferiorityOptions): Result {
  const isRight = (values: readonly number[]) => {
    const wrong = values.find((value) => value !== 0 && value !== 1);
    if (wrong !== undefined)
      throw new ReasonError('GUARD_NOT_BINARY', `${metric} has an item with the value ${wrong}; ni-paired-binary takes 0 and 1`);
    return worse === 'higher' ? mean(values) < 0.5 : mean(values) > 0.5;
  };
  const counts = countChanges(
    pairs.map(({ anchor }) => isRight(anchor)),
    pairs.map(({ candidate }) => isRight(candidate)),
  );
  const result = nonInferiorBinary({ ...counts, margin, alpha });
  const { broken, fixed, n } = counts;
  const room = margin - Math.max(0, result.estimate);
  const needed = room > 0 ? requiredItems(Math.min(1, (broken + fixed + 1) / (n + 2)), room, { alpha, power: POWER }) : Infinity;
  return { ...result, needed, details: { broken, fixed } };
}

function testMean(pairs: readonly Pair[], { worse, margin, alpha }: NonInferiorityOptions): Result {
  const sign = worse === 'higher' ? 1 : -1;
  const differences = pairs.map(({ anchor, candidate }) => sign * (mean(candidate) - mean(anchor)));
  const result = nonInferiorMean({ differences, margin, alpha });
  const sd = standardDeviation(differences);
  const room = margin - Math.max(0, result.estimate);
  // In units of the deviation, which makes it the churn of 1.
  const needed = room <= 0 ? Infinity : sd === 0 ? 2 : requiredItems(1, room / sd, { alpha, power: POWER });
  return { ...result, needed, details: { sd } };
}

function testQuantile(pairs: readonly Pair[], { metric, worse, margin, alpha, quantile, resamples, seed }: NonInferiorityOptions): Result {
  // The worse end of the inverse is its upper one, and a ratio above 1 is worse.
  const toValue = (values: readonly number[]) => {
    const value = mean(values);
    if (!(value > 0))
      throw new ReasonError(
        'GUARD_NOT_POSITIVE',
        `${metric} has an item with the value ${value}; ni-quantile takes ratios, which need values above 0`,
      );
    return worse === 'higher' ? value : 1 / value;
  };
  const candidate = pairs.map((pair) => toValue(pair.candidate));
  const anchor = pairs.map((pair) => toValue(pair.anchor));
  const result = nonInferiorQuantile({ candidate, anchor, margin, alpha, quantile, resamples, seed, paired: true });
  const z = normalQuantile(1 - alpha);
  const error = Math.log(result.upper / result.estimate) / z;
  const room = Math.log(margin) - Math.max(0, Math.log(result.estimate));
  const needed = room > 0 ? Math.ceil(pairs.length * ((error * (z + normalQuantile(POWER))) / room) ** 2) : Infinity;
  return { ...result, needed, details: { quantile, resamples, seed } };
}

/** A worsening in words: points of a rate, units of the metric, per cent of a quantile. */
function words(value: number, { test }: NonInferiorityOptions): string {
  const [size, unit] = test === 'ni-mean' ? [value, ''] : test === 'ni-quantile' ? [100 * (value - 1), ' %'] : [100 * value, ' points'];
  const shown = Number(Math.abs(size).toPrecision(3)).toString();
  return `${shown}${unit} ${size < 0 ? 'better' : 'worse'}`;
}
