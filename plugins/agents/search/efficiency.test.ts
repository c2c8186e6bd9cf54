import { describe, expect, it } from 'vitest';
import { createSearch, DEPTH, FLAG, KIND, LR, newFolder, play, readValue } from '../../../test/helpers/play-search.ts';
import { createRandom } from './random.ts';

/* A bowl in log space: 12 parameters of very different weight, every third of them far from its best value. */
const NAMES = Array.from({ length: 12 }, (_, index) => `P${index}`);
const PARAMETERS = NAMES.map((name) => ({ file: 'train.py', name, type: 'float', range: [0.0001, 1], scale: 'log' }) as const);
const NOISE = 0.003;
const placeOf = (value: number) => 1 + Math.log10(value) / 4;
const valueAt = (place: number) => Number((10 ** (4 * (place - 1))).toPrecision(4));

function makeBowl(seed: number) {
  const random = createRandom(seed, 77);
  const best = NAMES.map(() => 0.15 + 0.7 * random.next());
  const weights = NAMES.map(() => 0.1 * Math.exp(random.normal()));
  const start = best.map((at, index) =>
    index % 3 === 0 ? at + (at > 0.5 ? -0.3 : 0.3) : Math.min(1, Math.max(0, at + 0.1 * random.normal())),
  );
  const exact = (values: readonly number[]) =>
    values.reduce((sum, value, index) => sum + (weights[index] ?? 0) * (placeOf(value) - (best[index] ?? 0)) ** 2, 1);
  const measured = (values: readonly number[]) => exact(values) * (1 + NOISE * random.normal());
  return { exact, measured, start: start.map(valueAt) };
}

const readAll = async (folder: string) => Object.values(await readValue(folder, ...NAMES));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('finding better values', () => {
  it('closes most of the gap in 30 noisy experiments, and far more of it than random search does', async () => {
    const searched: number[] = [];
    const byChance: number[] = [];
    for (let seed = 1; seed <= 8; seed += 1) {
      const { exact, measured, start } = makeBowl(seed);
      const share = (values: readonly number[]) => (exact(start) - exact(values)) / (exact(start) - 1);
      const folder = await newFolder(NAMES.map((name, index) => `${name} = ${start[index]}\n`).join(''));
      await play(createSearch(PARAMETERS), folder, 30, async () => measured(await readAll(folder)), seed);
      searched.push(share(await readAll(folder)));

      const random = createRandom(seed, 5);
      let values = start;
      let score = measured(values);
      for (let id = 0; id < 30; id += 1) {
        const chosen = new Set(Array.from({ length: random.pick([1, 2, 3]) }, () => Math.floor(random.next() * NAMES.length)));
        const tried = values.map((value, index) => (chosen.has(index) ? valueAt(random.next()) : value));
        const result = measured(tried);
        if (result < score) [score, values] = [result, tried];
      }
      byChance.push(share(values));
    }
    expect(mean(searched)).toBeGreaterThan(0.7);
    expect(mean(searched)).toBeGreaterThan(mean(byChance) + 0.12);
  });

  it('finds the best of numbers, choices and switches', async () => {
    const folder = await newFolder('LR = 0.002\nDEPTH = 4\nFLAG = False\nKIND = 3\n');
    const { score } = await play(createSearch([LR, DEPTH, FLAG, { ...KIND, values: [1, 2, 3] }]), folder, 40, async () => {
      const { LR: lr, DEPTH: depth, FLAG: flag, KIND: kind } = await readValue(folder, 'LR', 'DEPTH', 'FLAG', 'KIND');
      return 1 + (Math.log10(lr) + 1) ** 2 + ((depth - 12) / 10) ** 2 + (flag === 1 ? 0 : 0.3) + (kind === 2 ? 0 : 0.3);
    });
    expect(score).toBeLessThan(1.05);
  });

  it('keeps away from where experiments crash', async () => {
    const folder = await newFolder('DEPTH = 12\nLR = 0.03\n');
    const { history } = await play(createSearch([DEPTH, LR]), folder, 24, async () => {
      const { DEPTH: depth, LR: lr } = await readValue(folder, 'DEPTH', 'LR');
      return depth > 12 ? null : 10 - depth / 12 + (Math.log10(lr) + 1) ** 2;
    });
    expect(history.slice(-12).filter(({ verdict }) => verdict === 'crash').length).toBeLessThan(5);
  });
});
