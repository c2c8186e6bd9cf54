import { playNight, type NightResult } from './night.ts';
import { NAIVE } from './names.ts';
import { createObjective, policiesOf, prepare, type Policy } from './policies.ts';
import { add, count, EMPTY, type Tally } from './tally.ts';
import { WORLDS } from './worlds.ts';

/** Some nights of one world. */
export interface Share {
  /** By its place in the list of worlds. */
  readonly world: number;
  readonly from: number;
  readonly to: number;
  readonly seed: number;
  readonly budget: number;
  /** The names of those who play, naive greedy first; without it all that play in this world. */
  readonly policies?: readonly string[];
}

/** Plays every night under each policy, naive greedy first; answers a tally for each. */
export async function simulate(
  { world: index, from, to, seed, budget, policies: names }: Share,
  wanted?: readonly Policy[],
): Promise<readonly Tally[]> {
  const world = WORLDS[index];
  const policies = wanted ?? (world === undefined ? [] : policiesOf(world).filter(({ name }) => names?.includes(name) ?? true));
  if (world === undefined || policies[0]?.name !== NAIVE) throw new Error('a known world and naive greedy as the first policy are needed');
  const objective = await createObjective();
  const prepared = await Promise.all(
    policies.map(async (policy) => ({ create: await prepare(policy, world), noise: policy.noise?.(world) ?? {} })),
  );
  const tallies = policies.map(() => EMPTY);
  for (let night = from; night < to; night++) {
    let naive: NightResult | null = null;
    for (const [place, { create, noise }] of prepared.entries()) {
      const result = await playNight({ world, gates: create(), objective, noise, seed, night, budget: world.budget ?? budget });
      naive ??= result;
      tallies[place] = add(tallies[place] ?? EMPTY, count(result, naive));
    }
  }
  return tallies;
}
