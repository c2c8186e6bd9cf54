import { createObjective, prepare } from '../policies.ts';
import { UNIT, WORLDS } from '../worlds.ts';
import { playParallel } from './night.ts';
import { PARALLEL } from './policies.ts';

/** Wall clock of a night, in trials. */
export const WALL = 50;

/** Some nights of one policy with so many slots. */
export interface ParallelShare {
  readonly policy: string;
  readonly world: string;
  readonly slots: number;
  readonly survive: number;
  readonly from: number;
  readonly to: number;
  readonly seed: number;
}

/** Sums over nights, in units of sigma and its square. */
export interface ParallelTally {
  readonly nights: number;
  readonly gain: number;
  readonly gain2: number;
  readonly bias: number;
  readonly bias2: number;
  readonly keeps: number;
  readonly tried: number;
  readonly again: number;
  readonly againKept: number;
}

export const NOTHING: ParallelTally = { nights: 0, gain: 0, gain2: 0, bias: 0, bias2: 0, keeps: 0, tried: 0, again: 0, againKept: 0 };

export async function simulateParallel({
  policy: name,
  world: where,
  slots,
  survive,
  from,
  to,
  seed,
}: ParallelShare): Promise<ParallelTally> {
  const [policy, world] = [PARALLEL.find((each) => each.name === name), WORLDS.find((each) => each.name === where)];
  if (policy === undefined || world === undefined) throw new Error(`there is no policy ${name}, or no world ${where}`);
  const objective = await createObjective();
  const create = await prepare(policy, world);
  let sum = NOTHING;
  for (let night = from; night < to; night++) {
    const { gain, claim, ...counts } = await playParallel({
      world,
      slots,
      survive,
      seed,
      night,
      policy,
      objective,
      gates: create(),
      wall: WALL,
    });
    const unit = world.sigma * UNIT;
    const [g, b] = [gain / unit, (claim - gain) / unit];
    sum = plus(sum, { nights: 1, gain: g, gain2: g ** 2, bias: b, bias2: b ** 2, ...counts });
  }
  return sum;
}

export function plus(a: ParallelTally, b: ParallelTally): ParallelTally {
  return {
    nights: a.nights + b.nights,
    gain: a.gain + b.gain,
    gain2: a.gain2 + b.gain2,
    bias: a.bias + b.bias,
    bias2: a.bias2 + b.bias2,
    keeps: a.keeps + b.keeps,
    tried: a.tried + b.tried,
    again: a.again + b.again,
    againKept: a.againKept + b.againKept,
  };
}
