import { describe, expect, it } from 'vitest';
import { makeRunView, makeSummary } from '../../../src/testing.ts';
import type { RunView, Summary } from '../../../src/plugin.ts';
import { Memory } from './memory.ts';
import { fitModel } from './model.ts';
import { localStep, recombination, type Situation } from './moves.ts';
import { toParameters } from './parameter.ts';
import { createRandom } from './random.ts';

const PARAMETERS = toParameters(['A', 'B', 'C'].map((name) => ({ file: 'a.py', name, type: 'float', range: [0, 1], scale: 'linear' })));
const PRESENT = { A: 0.5, B: 0.5, C: 0.5 };

async function situationAfter(
  history: readonly Summary[],
  objective: RunView['objective']['direction'] = 'minimize',
  seed = 1,
): Promise<Situation> {
  const memory = new Memory(PARAMETERS);
  await memory.fold(makeRunView({ history, objective: { label: 'score', direction: objective } }), () => Promise.resolve(PRESENT));
  const model = () => fitModel(PARAMETERS, PRESENT, memory.observations);
  return { parameters: PARAMETERS, present: PRESENT, parent: 'c0', memory, random: createRandom(seed), model };
}

const tried = (id: number, params: Record<string, number>, delta: number | null, verdict: Summary['verdict'] = 'discard') =>
  makeSummary({ id, params, delta, verdict, score: delta });

describe('recombination', () => {
  it('puts the two discarded changes together that came closest, for either direction', async () => {
    const history = [tried(1, { A: 0.6 }, 0.001), tried(2, { B: 0.7 }, 0.3), tried(3, { C: 0.4 }, 0.002)];
    const partners = new Set<string>();
    for (let seed = 1; seed < 20; seed += 1)
      partners.add(JSON.stringify(recombination(await situationAfter(history, 'minimize', seed))?.values));
    expect([...partners].sort()).toEqual(['{"A":0.6,"B":0.7}', '{"A":0.6,"C":0.4}']);
    expect(recombination(await situationAfter(history, 'maximize'))?.values).toMatchObject({ B: 0.7 });
  });

  it('has nothing to offer with one near miss, or two of the same parameter', async () => {
    expect(recombination(await situationAfter([tried(1, { A: 0.6 }, 0.001)]))).toBe(null);
    expect(recombination(await situationAfter([tried(1, { A: 0.6 }, 0.001), tried(2, { A: 0.4 }, 0.001)]))).toBe(null);
  });
});

describe('localStep', () => {
  const countMoves = async (history: readonly Summary[], direction: RunView['objective']['direction'] = 'minimize') => {
    const counts: Record<string, number> = {};
    for (let seed = 1; seed <= 40; seed += 1) {
      const move = localStep(await situationAfter(history, direction, seed));
      for (const [key, value] of Object.entries(move?.values ?? {})) {
        const way = `${key}${Number(value) > 0.5 ? '+' : '-'}`;
        counts[way] = (counts[way] ?? 0) + 1;
      }
    }
    return counts;
  };

  it('goes where the score fell, and away from where it rose', async () => {
    const counts = await countMoves([
      tried(1, { A: 0.6 }, -0.2),
      tried(2, { B: 0.6 }, 0.2),
      tried(3, { C: 0.6 }, 0.2),
      tried(4, { C: 0.4 }, 0.2),
    ]);
    expect(counts['A+']).toBeGreaterThan(30);
    expect(counts['B+'] ?? 0).toBeLessThan(counts['B-'] ?? 0);
    expect((counts['C+'] ?? 0) + (counts['C-'] ?? 0)).toBeLessThan(10);
  });

  it('turns round when the score is to be raised', async () => {
    const counts = await countMoves([tried(1, { A: 0.6 }, -0.2), tried(2, { A: 0.7 }, -0.4)], 'maximize');
    expect(counts['A+'] ?? 0).toBeLessThan(counts['A-'] ?? 0);
  });

  it('takes a crash for a bad result, and a better score that was refused too', async () => {
    const kept = tried(1, { C: 0.6 }, -0.1, 'keep');
    const crashed = await countMoves([kept, tried(2, { A: 0.6 }, null, 'crash')]);
    expect(crashed['A+'] ?? 0).toBeLessThan(crashed['A-'] ?? 0);
    const refused = await countMoves([kept, tried(2, { A: 0.6 }, -0.5)]);
    expect(refused['A+'] ?? 0).toBeLessThan(refused['A-'] ?? 0);
  });
});

describe('Memory', () => {
  it('makes steps longer after a keep and shorter after a discard', async () => {
    const { memory } = await situationAfter([tried(1, { A: 0.6 }, -0.1, 'keep'), tried(2, { B: 0.6 }, 0.1)]);
    expect(memory.step('A')).toBeGreaterThan(memory.step('C'));
    expect(memory.step('B')).toBeLessThan(memory.step('C'));
    expect(memory.hasSeen({ ...PRESENT, A: 0.6 })).toBe(true);
    expect(memory.hasSeen({ ...PRESENT, A: 0.7 })).toBe(false);
  });

  it('ignores experiments of other agents', async () => {
    const { memory } = await situationAfter([tried(1, { Z: 3 }, -0.1, 'keep'), makeSummary({ id: 2, delta: -1, verdict: 'keep' })]);
    expect(memory.latest).toBe(null);
    expect(memory.observations).toEqual([]);
    expect(memory.folded).toBe(2);
  });
});
