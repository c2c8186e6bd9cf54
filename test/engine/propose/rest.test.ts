import fc from 'fast-check';
import { expect, it } from 'vitest';
import { restAfter } from '../../../src/engine/propose/rest.ts';

const MINUTE = 60_000;
const failure = (retryAfterMs?: number) =>
  ({ status: 'failed', kind: 'rate-limit', message: 'busy', ...(retryAfterMs !== undefined && { retryAfterMs }) }) as const;
/** How long the rest after so many others is, at least and at most: the clock goes on meanwhile. */
function restOf(times: number, retryAfterMs?: number): [least: number, most: number] {
  const before = performance.now();
  const { until } = restAfter(failure(retryAfterMs), 1, times);
  return [until - performance.now(), until - before];
}

it('a rest is as long as the service says, but no longer than six hours', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 24 * 60 }), fc.nat(20), (minutes, times) => {
      const [least, most] = restOf(times, minutes * MINUTE);
      const said = Math.min(minutes, 360) * MINUTE;
      expect([least <= said, most >= said]).toEqual([true, true]);
    }),
  );
});

it('a rest that the service says nothing of is about half a minute, and doubles up to a quarter of an hour', () => {
  fc.assert(
    fc.property(fc.nat(40), (times) => {
      const usual = 0.5 * MINUTE * 2 ** times;
      const [least, most] = restOf(times);
      expect(most).toBeGreaterThanOrEqual(Math.min(0.75 * usual, 15 * MINUTE) - 1);
      expect(least).toBeLessThanOrEqual(Math.min(1.25 * usual, 15 * MINUTE) + 1);
      expect(restAfter(failure(), 7, times)).toMatchObject({ times: times + 1, experiment: 7 });
    }),
  );
});
