import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { BLIND, MOVED, OFFERED, PARALLEL } from '../bench/decisions/parallel/policies.ts';
import { checksOfParallel, type Played } from '../bench/decisions/parallel/report.ts';
import { NOTHING, simulateParallel, type ParallelTally } from '../bench/decisions/parallel/simulate.ts';

const play = (policy: string, slots: number, nights: number, rest: { readonly world?: string; readonly survive?: number } = {}) =>
  simulateParallel({ policy, slots, world: 'real', survive: 1, from: 0, to: nights, seed: 1, ...rest });

describe('nights with slots side by side', () => {
  it('try as many ideas as their slots have time for, and gain with them', async () => {
    const [one, four] = [await play(MOVED, 1, 6), await play(MOVED, 4, 6)];
    // 50 trials of time, two of them the baseline.
    expect(one.tried / one.nights).toBeGreaterThan(45);
    expect(one.tried / one.nights).toBeLessThanOrEqual(48);
    expect(four.tried / four.nights).toBeGreaterThan(180);
    expect(four.gain / four.nights).toBeGreaterThan((1.8 * one.gain) / one.nights);
    expect(await play(MOVED, 4, 6)).toEqual(four);
  });

  it('gain more where the record knows the slots and waiting candidates are moved', async () => {
    const [blind, moved] = [await play(BLIND, 4, 8), await play(MOVED, 4, 8)];
    expect(moved.gain).toBeGreaterThan(blind.gain);
  });

  it('offer late gains again', async () => {
    const { again, againKept } = await play(OFFERED, 4, 4);
    expect(again).toBeGreaterThan(0);
    expect(againKept).toBeLessThanOrEqual(again);
  });

  it('keep little more of nothing with four slots than with one', async () => {
    const share = ({ keeps, tried }: ParallelTally) => (100 * keeps) / tried;
    const [one, four] = [await play(OFFERED, 1, 20, { world: 'null' }), await play(OFFERED, 4, 8, { world: 'null' })];
    expect(four.gain).toBeCloseTo(0, 9);
    expect(share(four)).toBeLessThan(share(one) + 4);
  });
});

describe('what must hold', () => {
  const tally = (gain: number, bias: number, keeps: number): ParallelTally => ({
    ...NOTHING,
    nights: 100,
    gain: 100 * gain,
    gain2: 100 * gain ** 2,
    bias: 100 * bias,
    bias2: 100 * bias ** 2,
    keeps: 100 * keeps,
    tried: 10_000,
  });
  const played = (slots: number, world: string, found: ParallelTally): Played => ({
    policy: OFFERED,
    world,
    survive: 1,
    slots,
    tally: found,
  });
  const failing = (...parts: Played[]) => checksOfParallel(parts).flatMap(({ what, holds }) => (holds ? [] : [what]));

  it('fails where the gain is too small, the claim is off, or more of nothing is kept than with one slot', () => {
    const good = [played(4, 'real', tally(26, 0.1, 16)), played(1, 'null', tally(0, 0, 7)), played(4, 'null', tally(0, 0, 7))];
    expect(checksOfParallel(good)).toHaveLength(3);
    expect(failing(...good)).toEqual([]);
    expect(failing(played(4, 'real', tally(24, 0, 16)))).toEqual(['4 slots: true gain, sigma']);
    expect(failing(played(4, 'real', tally(26, -0.4, 16)))).toEqual(['4 slots: claim minus truth after the audit, sigma']);
    expect(failing(played(1, 'null', tally(0, 0, 7)), played(4, 'null', tally(0, 0, 9)))).toEqual([
      '4 slots: keeps per 100 where no idea has an effect',
    ]);
  });
});

it('the command plays every policy with every number of slots, and fails when a line does not hold', async () => {
  const file = join(import.meta.dirname, '..', 'bench', 'decisions.ts');
  const ended = await promisify(execFile)(process.execPath, [file, '--slots', '1,2', '--nights', '1', '--json']).catch(
    (error: { stdout: string; code: number }) => error,
  );
  const { played, checks } = JSON.parse(ended.stdout) as { played: Played[]; checks: { holds: boolean }[] };
  for (const { name } of PARALLEL) {
    expect(played.filter(({ policy, world, survive }) => policy === name && world === 'real' && survive === 1)).toHaveLength(2);
  }
  expect('code' in ended ? ended.code : 0).toBe(checks.every(({ holds }) => holds) ? 0 : 1);
});
