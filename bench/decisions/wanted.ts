/** Who has to be played: for the lines that must hold, those that a line reads; for the whole table, everyone everywhere. */
import { checksOf } from './checks.ts';
import { NAIVE } from './names.ts';
import { policiesOf, type Policy } from './policies.ts';
import { cellOf, EMPTY } from './tally.ts';
import type { World } from './worlds.ts';

/** The policies of each world that some line reads, with naive greedy, whose nights the others are compared with. */
function readByLines(): ReadonlyMap<string, ReadonlySet<string>> {
  const read = new Map<string, Set<string>>();
  checksOf((world, policy) => {
    read.set(world, (read.get(world) ?? new Set([NAIVE])).add(policy));
    return cellOf(EMPTY, { sigma: 1, budget: 1 });
  });
  return read;
}

const LINES = readByLines();

/** The policies that are played in a world, naive greedy first; none where no line reads any. */
export function wantedIn(world: World, isWhole: boolean): readonly Policy[] {
  const all = policiesOf(world);
  return isWhole ? all : all.filter(({ name }) => LINES.get(world.name)?.has(name));
}
