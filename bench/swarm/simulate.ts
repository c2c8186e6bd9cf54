import { createObjective, prepare, type Policy } from '../decisions/policies.ts';
import { UNIT, WORLDS } from '../decisions/worlds.ts';
import { playNight } from './night.ts';

/** Wall clock of a night, in trials of 300 s. */
export const WALL = 50;
export const HOURS = (WALL * 300) / 3600;

/** Some nights of a swarm, or of as many nodes that do not talk. */
export interface SwarmShare {
  readonly nodes: number;
  readonly talk: boolean;
  readonly survive: number;
  readonly from: number;
  readonly to: number;
  readonly seed: number;
}

/** Sums over nights, in units of sigma and its square. */
export interface SwarmTally {
  readonly nights: number;
  readonly gain: number;
  readonly gain2: number;
  /** Claim minus truth, after the audit. */
  readonly bias: number;
  readonly bias2: number;
  /** What was believed before it, minus truth. */
  readonly belief: number;
  readonly belief2: number;
  readonly tried: number;
  readonly offered: number;
  readonly taken: number;
}

export const NOTHING: SwarmTally = {
  nights: 0,
  gain: 0,
  gain2: 0,
  bias: 0,
  bias2: 0,
  belief: 0,
  belief2: 0,
  tried: 0,
  offered: 0,
  taken: 0,
};

const POLICY: Policy = { name: 'swarm', gates: () => [{ use: 'posterior', with: { profile: 'progress' } }] };

export async function simulateSwarm({ nodes, talk, survive, from, to, seed }: SwarmShare): Promise<SwarmTally> {
  const world = WORLDS.find(({ name }) => name === 'real');
  if (world === undefined) throw new Error('there is no such world');
  const [objective, gates] = [await createObjective(), await prepare(POLICY, world)];
  const unit = world.sigma * UNIT;
  let sum = NOTHING;
  for (let night = from; night < to; night++) {
    const { gain, claim, estimate, ...counts } = await playNight({
      world,
      nodes,
      talk,
      survive,
      seed,
      night,
      gates,
      objective,
      wall: WALL,
    });
    const [g, b, e] = [gain / unit, (claim - gain) / unit, (estimate - gain) / unit];
    sum = plus(sum, { nights: 1, gain: g, gain2: g ** 2, bias: b, bias2: b ** 2, belief: e, belief2: e ** 2, ...counts });
  }
  return sum;
}

export function plus(a: SwarmTally, b: SwarmTally): SwarmTally {
  return {
    nights: a.nights + b.nights,
    gain: a.gain + b.gain,
    gain2: a.gain2 + b.gain2,
    bias: a.bias + b.bias,
    bias2: a.bias2 + b.bias2,
    belief: a.belief + b.belief,
    belief2: a.belief2 + b.belief2,
    tried: a.tried + b.tried,
    offered: a.offered + b.offered,
    taken: a.taken + b.taken,
  };
}
