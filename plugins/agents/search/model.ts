import type { Scalar } from '../../../src/plugin.ts';
import { cholesky, solveLower, solveUpper, zeros } from './linear.ts';
import type { Parameter, Values } from './parameter.ts';
import type { Random } from './random.ts';
import { toUnit } from './space.ts';

export interface ParameterChange {
  readonly parameter: Parameter;
  readonly from: Scalar;
  readonly to: Scalar;
}

/** One observation: the changes of an experiment, and how much worse (positive) or better the score became. */
export interface Observation {
  readonly changes: readonly ParameterChange[];
  /** `bad` stands for a crash, or a change that was refused although its score was better. */
  readonly cost: number | 'bad';
}

/** How the score depends on each parameter, one at a time: a parabola for numbers, a level for each choice. */
export interface Curves {
  /** How much worse the score gets when a parameter goes from one value to another. */
  cost(parameter: Parameter, from: Scalar, to: Scalar): number;
}

export interface Model {
  /** The curves that fit best. */
  readonly mean: Curves;
  /** Curves drawn at random, as likely as the observations allow: where little is known they vary much. */
  draw(random: Random): Curves;
}

// The optimum is expected near the present value, a little towards the middle of the range.
const TRUST_IN_PRESENT = 0.7;
const SPREAD_OF_BEST = 0.25;
// Shares of the typical cost of a change: noise of one observation, curvature of an average parameter.
const NOISE = 0.25;
const TYPICAL_STEP = 0.25;
const CURVATURE = 6;
// Costs are capped at this many times the typical one, so that one diverged run does not dominate the fit.
const CLIP = 4;

/** Fits the curves of all parameters to what was observed, by ridge regression around a bowl-shaped guess. */
export function fitModel(parameters: readonly Parameter[], present: Values, observations: readonly Observation[]): Model {
  const offsets = new Map<string, number>();
  let size = 0;
  for (const parameter of parameters) {
    offsets.set(parameter.key, size);
    size += parameter.kind === 'ordered' ? 2 : parameter.values.length;
  }
  const features = (parameter: Parameter, value: Scalar) => featuresOf(parameter, offsets.get(parameter.key) ?? 0, value);

  const scale = typicalCost(observations);
  const precision = zeros(size);
  const right = new Float64Array(size);
  for (const parameter of parameters) addPrior(parameter, offsets.get(parameter.key) ?? 0, present[parameter.key], precision, right);
  for (const { changes, cost } of observations) {
    const row = changes.flatMap(({ parameter, from, to }) => [
      ...features(parameter, to),
      ...features(parameter, from).map(([at, x]) => [at, -x] as const),
    ]);
    const scaled = cost === 'bad' ? CLIP : Math.max(-CLIP, Math.min(CLIP, cost / scale));
    addObservation(row, scaled, noiseOf(changes), precision, right);
  }
  const lower = cholesky(precision);
  const mean = solveUpper(lower, solveLower(lower, right));
  const curves = (weights: Float64Array): Curves => {
    const level = (parameter: Parameter, value: Scalar) =>
      features(parameter, value).reduce((sum, [at, x]) => sum + x * (weights[at] ?? 0), 0);
    return { cost: (parameter, from, to) => (level(parameter, to) - level(parameter, from)) * scale };
  };
  return {
    mean: curves(mean),
    draw: (random) => {
      const noise = solveUpper(
        lower,
        Array.from({ length: size }, () => random.normal()),
      );
      return curves(mean.map((weight, index) => weight + (noise[index] ?? 0)));
    },
  };
}

type Row = readonly (readonly [index: number, value: number])[];

function featuresOf(parameter: Parameter, offset: number, value: Scalar): Row {
  if (parameter.kind === 'categorical') {
    const index = parameter.values.indexOf(value);
    return index < 0 ? [] : [[offset + index, 1]];
  }
  const centred = toUnit(parameter, value) - 0.5;
  return [
    [offset, centred],
    [offset + 1, centred * centred],
  ];
}

function addPrior(parameter: Parameter, offset: number, present: Scalar | undefined, precision: Float64Array[], right: Float64Array): void {
  const expect = (index: number, mean: number, deviation: number) => {
    const row = precision[index];
    if (row === undefined) return;
    row[index] = (row[index] ?? 0) + 1 / deviation ** 2;
    right[index] = (right[index] ?? 0) + mean / deviation ** 2;
  };
  if (parameter.kind === 'categorical') {
    parameter.values.forEach((_value, index) => expect(offset + index, 0, 1));
    return;
  }
  const best = TRUST_IN_PRESENT * (toUnit(parameter, present ?? parameter.low) - 0.5);
  expect(offset, -2 * CURVATURE * best, 2 * CURVATURE * SPREAD_OF_BEST);
  expect(offset + 1, CURVATURE, CURVATURE / 2);
}

function addObservation(row: Row, cost: number, noise: number, precision: Float64Array[], right: Float64Array): void {
  for (const [i, x] of row) {
    const target = precision[i];
    if (target === undefined) continue;
    for (const [j, y] of row) target[j] = (target[j] ?? 0) + (x * y) / noise ** 2;
    right[i] = (right[i] ?? 0) + (x * cost) / noise ** 2;
  }
}

// A parabola is only true nearby: the shorter the step, the better it fits, and the more it says.
function noiseOf(changes: readonly ParameterChange[]): number {
  const distances = changes.map(({ parameter, from, to }) =>
    parameter.kind === 'ordered' ? Math.abs(toUnit(parameter, to) - toUnit(parameter, from)) : TYPICAL_STEP,
  );
  return NOISE * Math.min(1.5, Math.max(0.3, Math.max(...distances) / TYPICAL_STEP));
}

/** The median size of an effect; 1 while nothing is known. */
function typicalCost(observations: readonly Observation[]): number {
  const sizes = observations.flatMap(({ cost }) => (cost === 'bad' || cost === 0 ? [] : [Math.abs(cost)])).sort((a, b) => a - b);
  return sizes[Math.floor(sizes.length / 2)] ?? 1;
}
