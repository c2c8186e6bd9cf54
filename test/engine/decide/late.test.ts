import { describe, expect, it } from 'vitest';
import { LateGains } from '../../../src/engine/decide/late.ts';
import { openOffers, survivalOf } from '../../../src/model/late-gains.ts';
import type { Summary } from '../../../src/plugin.ts';
import { makeRunView, makeSummary } from '../../../src/testing.ts';

const late = (id: number, E: number): Summary =>
  makeSummary({ id, reason: { code: 'GAINED_ON_ITS_BASIS', text: '' }, notes: { posterior: { late: [E, 0.5] } } });
const again = (id: number, of: number, d: number): Summary => makeSummary({ id, again: of, notes: { posterior: { again: [d, 1.2] } } });

describe('the late gains of a run', () => {
  it('are those of its whole history, however often they were asked for as it grew', () => {
    const history = [late(1, -2), makeSummary({ id: 2 }), again(3, 1, -2), late(4, -1), late(5, -3), again(6, 4, 3)];
    const gains = new LateGains();
    const found = history.map((_, i) => {
      const run = makeRunView({ history: history.slice(0, i + 1) });
      return [gains.open(run), gains.survival(run), gains.survival(run)];
    });
    expect(found).toEqual(
      history.map((_, i) => {
        const past = history.slice(0, i + 1);
        return [openOffers(past), survivalOf(past), survivalOf(past)];
      }),
    );
    expect(gains.open(makeRunView({ history }))).toEqual([{ of: 5, gain: 3 }]);
  });

  it('are not offered while they are in flight', () => {
    const history = [late(1, -2), late(2, -1)];
    const run = makeRunView({ history, pending: [{ id: 3, again: 1 }] as never });
    expect(new LateGains().open(run)).toEqual([{ of: 2, gain: 1 }]);
  });
});
