import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  effectiveFraction,
  limitOf,
  logFinished,
  logMiss,
  logEnd,
  logReference,
  logSpared,
  look,
  luckOf,
  tau,
  watch,
  type EarlyStop,
} from '../../src/stats.ts';
import { createNoise, range } from './numbers.ts';

const at = { sigma: 1, seed: 42, experiment: 1 };
const trained = (misses: readonly number[]): EarlyStop => misses.reduce((state, miss) => logMiss(state, miss, 0), watch());
const steady = trained(range(10).map((i) => (i % 2 === 0 ? 3 : -3)));

describe('early stop', () => {
  it('only watches until ten experiments were completed', () => {
    let state = watch();
    for (const i of range(10)) {
      expect(look(state, { ...at, delta: 1e9, experiment: i }).action).toBe('shadow');
      state = logMiss(state, i, 0);
    }
    expect(look(state, { ...at, delta: 1e9, experiment: 10 }).action).not.toBe('shadow');
    expect(logMiss(state, 5, 0)).toEqual(state);
  });

  it('kills divergence at once, in the shadow phase too', () => {
    for (const delta of [NaN, Infinity]) {
      expect(look(watch(), { ...at, delta }).action).toBe('kill');
      expect(look(steady, { ...at, delta }).action).toBe('kill');
    }
  });

  it('takes tau from the misses, never below 2 sigma, and kills above k tau', () => {
    expect(tau(steady, 1)).toBeCloseTo(3 * 1.4826, 12);
    expect(tau(steady, 100)).toBe(200);
    expect(tau(watch(), 1)).toBe(2);
    const limit = 1.5 * 3 * 1.4826;
    const actions = (delta: number) => new Set(range(60).map((experiment) => look(steady, { ...at, experiment, delta }).action));
    expect([...actions(limit - 1e-9)]).toEqual(['go-on']);
    expect([...actions(-1e9)]).toEqual(['go-on']);
    expect(actions(limit + 1e-9)).toEqual(new Set(['kill', 'spare']));
    expect(look(steady, { ...at, delta: 0 }).limit).toBeCloseTo(limit, 12);
  });

  it('spares one in ten, the same ones each time', () => {
    const spared = (seed: number) =>
      range(3000).filter((experiment) => look(steady, { ...at, seed, experiment, delta: 99 }).action === 'spare');
    expect(spared(1)).toEqual(spared(1));
    expect(spared(1)).not.toEqual(spared(2));
    expect(Math.abs(spared(1).length / 3000 - 0.1)).toBeLessThan(0.02);
    expect(look(steady, { ...at, delta: 99 }, { spare: 0 }).action).toBe('kill');
  });

  it('widens the limit by half where more than one in ten of the spared are likely gains, and counts anew', () => {
    const hopeless = range(9).reduce<EarlyStop>((state) => logSpared(state, 0.1), steady);
    expect(hopeless).toMatchObject({ k: 1.5, spared: 9, promising: 0 });
    expect(logSpared(hopeless, 0.9)).toMatchObject({ k: 1.5, spared: 10, promising: 1 });
    expect(logSpared(logSpared(hopeless, 0.9), 0.9)).toMatchObject({ k: 2.25, spared: 0, promising: 0 });
    expect(logSpared(steady, 0.51).k).toBe(2.25);
    expect(logSpared(steady, 0.5).k).toBe(1.5);
  });

  it('never kills what a wider limit would let go on', () => {
    const finite = fc.double({ min: -1e3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(finite, { minLength: 10, maxLength: 10 }),
        finite,
        fc.double({ min: 0, max: 50, noNaN: true }),
        fc.nat(),
        (misses, delta, sigma, experiment) => {
          const [narrow, wide] = [trained(misses), logSpared(trained(misses), 1)];
          const input = { delta, sigma, seed: 3, experiment };
          if (look(narrow, input).action === 'go-on') expect(look(wide, input).action).toBe('go-on');
          expect(look(narrow, input).tau).toBeGreaterThanOrEqual(2 * sigma);
          if (delta <= 3 * sigma) expect(look(narrow, input).action).toBe('go-on');
        },
      ),
    );
  });

  it('lets go on what is no further behind than the tail of the misses, once ten of them show it', () => {
    // Nine in ten miss by little; some kinds of change start slowly, which no median sees.
    const some = trained([0.1, -0.1, 0.1, -0.1, 0.1, 40, -0.1, 40, 0.1]);
    expect(limitOf(some, 0.01)).toBeLessThan(1);
    const more = logFinished(some, 0.1, 0);
    expect(tau(more, 0.01)).toBeLessThan(1);
    expect(limitOf(more, 0.01)).toBeGreaterThan(30);
    expect(look(more, { ...at, sigma: 0.01, delta: 30 }).action).toBe('go-on');
    expect(limitOf(steady, 1)).toBeCloseTo(1.5 * 3 * 1.4826, 12);
  });

  it('learns on from those that finish, and forgets what was long ago', () => {
    const wide = trained(range(10).map((i) => (i % 2 === 0 ? 50 : -50)));
    const later = range(30).reduce((state, i) => logFinished(state, i % 2 === 0 ? 1 : -1, 0), wide);
    expect(later.misses).toHaveLength(30);
    expect(tau(later, 0.1)).toBeCloseTo(1.4826, 12);
    expect(logFinished(wide, Infinity, 0)).toEqual(wide);
  });

  it('hears from the trials held against it that an incumbent’s curve was lucky, and forgets it with the incumbent', () => {
    expect(luckOf(watch())).toBe(0);
    const heard = [4, 5, 4].reduce((state, miss) => logReference(state, miss, false), watch());
    expect(luckOf(heard)).toBe(4);
    expect(luckOf([-4, -5, -4].reduce((state, miss) => logReference(state, miss, false), watch()))).toBe(0);
    // The next one's curve looked 3 better early than it came out, against a reference that was 4 too good itself.
    expect(luckOf(logReference(heard, -3, true))).toBeCloseTo(3.5, 12);
    expect(luckOf(logReference(heard, null, true))).toBe(0);
    expect(logReference(heard, null, false)).toEqual(heard);
  });

  it('kills few gains and most wrecks where early curves miss by 3 sigma', () => {
    const noise = createNoise(8);
    const state = trained(range(10).map(() => 3 * noise.normal()));
    const killed = (effect: () => number) =>
      range(1000).filter((experiment) => look(state, { ...at, experiment, delta: effect() + 3 * noise.normal() }).action === 'kill')
        .length / 1000;
    expect(killed(() => -noise.exponential(1.2))).toBeLessThan(0.15);
    expect(killed(() => 12)).toBeGreaterThan(0.7);
  });

  it('doubts what it compares with where everything is hopeless', () => {
    const wreck = { ...at, delta: 1e6 };
    const options = { spare: 0, mostInARow: 3 };
    const after = (kills: readonly boolean[]) => kills.reduce((state, killed) => logEnd(state, killed), steady);
    expect(look(after([true, true]), wreck, options).action).toBe('kill');
    expect(look(after([true, true, true]), wreck, options).action).toBe('spare');
    expect(look(after([true, true, true, false]), wreck, options).action).toBe('kill');
    expect(look(after([true, true, true]), { ...wreck, delta: Infinity }, options).action).toBe('kill');
    expect(look(after(Array.from({ length: 99 }, () => true)), wreck, { spare: 0 }).action).toBe('kill');
  });

  it('knows that start-up time does not shrink', () => {
    expect(effectiveFraction(0.4, 300, 60)).toBeCloseTo(0.5, 14);
    expect(effectiveFraction(0.4, 300, 0)).toBe(0.4);
    expect([effectiveFraction(0, 300, 100), effectiveFraction(1, 300, 100)]).toEqual([0.25, 1]);
    for (const [f, budget, overhead] of [
      [1.4, 300, 0],
      [-0.1, 300, 0],
      [0.5, 0, 1],
      [0.5, 300, -1],
      [NaN, 300, 0],
    ] as const)
      expect(() => effectiveFraction(f, budget, overhead)).toThrow(
        `a fraction, a budget and an overhead are needed, got ${f}, ${budget} and ${overhead}`,
      );
  });

  it('begins with the width it is given, above 0, and with nothing seen', () => {
    expect(watch(2)).toEqual({ k: 2, misses: [], hints: [], inARow: 0, spared: 0, promising: 0 });
    expect(watch().k).toBe(1.5);
    for (const k of [0, -1, NaN]) expect(() => watch(k)).toThrow(`k must be above 0, got ${k}`);
    expect(() => tau(watch(), -1)).toThrow('sigma must be a finite number, 0 or more, got -1');
  });

  it('watches as many experiments as it is told, and learns nothing of one without a number', () => {
    const two = { shadow: 2 };
    const state = [5, 6, 7].reduce((before, miss) => logMiss(before, miss, 1, two), watch());
    expect(state.misses).toEqual([4, 5]);
    expect(look(logMiss(watch(), 5, 1, two), { ...at, delta: 1e9 }, two).action).toBe('shadow');
    expect(look(state, { ...at, delta: -1 }, two).action).toBe('go-on');
    for (const wrong of [NaN, Infinity]) expect(logMiss(watch(), wrong, 0)).toEqual(watch());
    expect(logFinished(watch(), 5, 2).misses).toEqual([3]);
    // Their difference is more than a number holds.
    for (const log of [logMiss, logFinished]) expect(log(watch(), 1.7e308, -1.7e308)).toEqual(watch());
    const all = range(50).reduce((before, i) => logFinished(before, i, 0, { shadow: 40 }), watch());
    expect(all.misses).toEqual(range(50).slice(10));
  });

  it('lets go on what is just at the limit', () => {
    const { limit } = look(steady, { ...at, delta: 0 });
    expect(look(steady, { ...at, delta: limit }, { spare: 0 }).action).toBe('go-on');
    expect(look(steady, { ...at, delta: limit * (1 + 1e-12) }, { spare: 0 }).action).toBe('kill');
    expect(look(steady, { ...at, delta: 1e9 }, { spare: 1 }).action).toBe('spare');
  });

  it('counts kills in a row, and tolerates as many likely gains among the spared as it is told', () => {
    expect(logEnd(logEnd(watch(), true), true)).toEqual({ ...watch(), inARow: 2 });
    expect(logEnd({ ...watch(), inARow: 2 }, false)).toEqual(watch());
    const half = [0.9, 0.1].reduce((state, pGain) => logSpared(state, pGain, { tolerated: 0.5 }), { ...watch(), spared: 2 });
    expect(half).toEqual({ ...watch(), spared: 4, promising: 1 });
    expect(logSpared({ ...watch(), spared: 1, promising: 1 }, 0.9, { tolerated: 0.5 })).toEqual({ ...watch(), k: 2.25 });
  });

  it('hears of thirty trials at most', () => {
    const heard = range(40).reduce((state, miss) => logReference(state, miss, false), watch());
    expect(heard.hints).toEqual(range(40).slice(10));
    expect(logReference({ ...watch(), hints: [4, 6] }, 1, true).hints).toEqual([3]);
  });
});
