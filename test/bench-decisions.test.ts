import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { GUARDED, NAIVE, SETTLED } from '../bench/decisions/names.ts';
import { POLICIES, policiesOf } from '../bench/decisions/policies.ts';
import { simulate } from '../bench/decisions/simulate.ts';
import { cellOf, EMPTY, type Cell } from '../bench/decisions/tally.ts';
import { UNIT, WORLDS } from '../bench/decisions/worlds.ts';

const BALANCED = `posterior balanced${GUARDED}${SETTLED}`;
const BUDGET = 100;

/** A few nights of three policies; wide enough limits hold for any seed. */
async function play(name: string, nights: number, seed = 1): Promise<{ naive: Cell; confirmed: Cell; balanced: Cell }> {
  const world = WORLDS.findIndex((each) => each.name === name);
  const policies = [NAIVE, 'confirm 1', BALANCED].flatMap((wanted) => POLICIES.filter((policy) => policy.name === wanted));
  const tallies = await simulate({ world, from: 0, to: nights, seed, budget: BUDGET }, policies);
  const [naive, confirmed, balanced] = tallies.map((tally) =>
    cellOf(tally, { sigma: (WORLDS[world]?.sigma ?? NaN) * UNIT, budget: BUDGET }),
  );
  if (naive === undefined || confirmed === undefined || balanced === undefined) throw new Error('a policy has another name now');
  return { naive, confirmed, balanced };
}

describe('simulated nights', () => {
  it('are the public record’s: what naive greedy gains, how far its claim is off, and how many of its keeps are none', async () => {
    const { naive, confirmed, balanced } = await play('real', 150);
    expect(naive.gain.mean).toBeGreaterThan(2.9e-3);
    expect(naive.gain.mean).toBeLessThan(3.8e-3);
    expect(naive.idleShare).toBeGreaterThan(0.32);
    expect(naive.idleShare).toBeLessThan(0.42);
    expect(naive.bias.mean).toBeGreaterThan(1);
    expect(naive.ideas).toBe(99);
    // Repeats are paid from the same budget.
    expect(confirmed.ideas).toBeLessThan(92);
    expect(confirmed.bias.mean).toBeLessThan(naive.bias.mean - 0.3);
    expect(Math.abs(balanced.bias.mean)).toBeLessThan(0.35);
    expect(balanced.idleShare).toBeLessThan(0.31);
    expect(balanced.gain.mean).toBeGreaterThan(0.9 * naive.gain.mean);
  });

  it('keep little of nothing', async () => {
    const { naive, balanced } = await play('null', 100);
    expect(naive.gain.mean).toBe(0);
    expect(naive.keeps).toBeGreaterThan(3);
    expect(balanced.keeps).toBeLessThan(2.6);
  });

  it('are the same every time, and others with another seed', async () => {
    const [one, again, other] = [await play('real', 3), await play('real', 3), await play('real', 3, 2)];
    expect(again).toEqual(one);
    expect(other.naive.gain.mean).not.toBe(one.naive.gain.mean);
  });
});

describe('hard worlds', () => {
  /** Gains of the same nights, in sigma; five standard errors of the difference are left to chance. */
  async function gains(name: string, nights: number): Promise<ReadonlyMap<string, Cell['gain']>> {
    const world = WORLDS.findIndex((each) => each.name === name);
    const found = WORLDS[world];
    if (found === undefined) throw new Error(`there is no world ${name}`);
    const tallies = await simulate({ world, from: 0, to: nights, seed: 1, budget: BUDGET });
    return new Map(
      policiesOf(found).map((policy, index) => [policy.name, cellOf(tallies[index] ?? EMPTY, { sigma: UNIT, budget: BUDGET }).gain]),
    );
  }
  const isMore = (one: Cell['gain'] | undefined, other: Cell['gain'] | undefined) =>
    (one?.mean ?? NaN) > (other?.mean ?? NaN) - 5 * Math.hypot(one?.error ?? NaN, other?.error ?? NaN);

  it('get the seed rule that suits them', async () => {
    const shared = await gains('shared seed', 15);
    const [auto, fresh] = [shared.get('posterior balanced'), shared.get('posterior balanced, fresh seeds')];
    expect((auto?.mean ?? 0) / (fresh?.mean ?? NaN)).toBeGreaterThan(1.2);
    const fixed = await gains('fixed seed', 15);
    expect(isMore(fixed.get('posterior balanced'), fixed.get('posterior balanced, fresh seeds'))).toBe(true);
  });

  it('are survived where a trial in ten is too good', async () => {
    const found = await gains('too good', 15);
    expect(found.get('posterior balanced + stop + audit')?.mean).toBeGreaterThan((found.get('naive greedy')?.mean ?? NaN) + 2 * UNIT);
  });
});

it('the command answers with every policy in every world, and fails when a claim does not hold', async () => {
  const file = join(import.meta.dirname, '..', 'bench', 'decisions.ts');
  const ended = await promisify(execFile)(process.execPath, [file, '--all', '--nights', '4', '--budget', '30', '--json']).catch(
    (error: { stdout: string; code: number }) => error,
  );
  const { worlds, checks } = JSON.parse(ended.stdout) as {
    worlds: { name: string; rows: { policy: string }[] }[];
    checks: { holds: boolean }[];
  };
  expect(worlds.map(({ name }) => name)).toEqual(WORLDS.map(({ name }) => name));
  for (const [index, { rows }] of worlds.entries()) {
    const world = WORLDS[index];
    expect(rows.map(({ policy }) => policy)).toEqual(world && policiesOf(world).map(({ name }) => name));
  }
  expect('code' in ended ? ended.code : 0).toBe(checks.every(({ holds }) => holds) ? 0 : 1);
});
