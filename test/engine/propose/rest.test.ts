import fc from 'fast-check';
import { expect, it } from 'vitest';
import { restAfter } from '../../../src/engine/propose/rest.ts';

const MINUTE = 60_000;
const failure = (retryAfterMs?: number) =>
  ({ status: 'failed', kind: 'rate-limit', message: 'busy', ...(retryAfterMs !== undefined && { retryAfterMs }) }) as const;
/** How long the rest after so many others is; the clock goes on a little meanwhile. */
const restOf = (times: number, retryAfterMs?: number) => restAfter(failure(retryAfterMs), 1, times).until - Date.now();

it('a rest is as long as the service says, but no longer than six hours', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 24 * 60 }), fc.nat(20), (minutes, times) => {
      expect(Math.abs(restOf(times, minutes * MINUTE) - Math.min(minutes, 360) * MINUTE)).toBeLessThan(5000);
    }),
  );
});

it('a rest that the service says nothing of is about half a minute, and doubles up to a quarter of an hour', () => {
  fc.assert(
    fc.property(fc.nat(40), (times) => {
      const usual = 0.5 * MINUTE * 2 ** times;
      expect(restOf(times)).toBeGreaterThan(Math.min(0.7 * usual, 14 * MINUTE));
      expect(restOf(times)).toBeLessThanOrEqual(Math.min(1.25 * usual, 15 * MINUTE));
      expect(restAfter(failure(), 7, times)).toMatchObject({ times: times + 1, experiment: 7 });
    }),
  );
});
