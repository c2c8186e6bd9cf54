import { describe, expect, it } from 'vitest';
import type { Direction, Objective } from '../../../src/plugin.ts';
import { makeContext, makeRunView, makeTrial, testPlugin } from '../../../src/testing.ts';
import pareto from './index.ts';

const LOSS = { metric: 'loss', direction: 'minimize' } as const;
const SPEED = { metric: 'speed', direction: 'maximize' } as const;

const create = (metrics: readonly { metric: string; direction: Direction }[] = [LOSS, SPEED]): Objective =>
  pareto.create({ metrics }, makeContext({ path: 'objective' }));
const trials = (rows: readonly Readonly<Record<string, number>>[]) => rows.map((metrics, index) => makeTrial({ index, metrics }));

testPlugin(pareto, {
  options: {
    valid: [{ metrics: [LOSS, SPEED] }, { metrics: [SPEED, LOSS, { metric: 'size', direction: 'minimize' }] }],
    invalid: [{}, { metrics: [LOSS] }, { metrics: ['loss', 'speed'] }, { metrics: [LOSS, { metric: 'speed' }] }],
  },
});

describe('pareto', () => {
  it('scores the first metric', () => {
    expect(create()).toMatchObject({ metrics: ['loss', 'speed'], direction: 'minimize', label: 'loss' });
    expect(create([SPEED, LOSS])).toMatchObject({ direction: 'maximize', label: 'speed' });
    const rows = trials([
      { loss: 1, speed: 5 },
      { loss: 3, speed: 9 },
    ]);
    expect(create().score(rows, makeRunView())).toEqual({ value: 2, spread: Math.SQRT2, n: 2 });
    expect(create([SPEED, LOSS]).score(rows, makeRunView())).toMatchObject({ value: 7 });
  });

  it('refuses a trial that lacks one of the others', () => {
    expect(() => create().score(trials([{ loss: 1 }]), makeRunView())).toThrow('a trial of the candidate has no value for speed');
  });

  it('refuses a metric that is there twice', () => {
    expect(() => create([LOSS, LOSS])).toThrow('objective: loss is there twice');
  });
});
