import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DURATION_PATTERN, formatDuration, isDuration, parseDuration } from '../src/duration.ts';
import { AutoresearchError } from '../src/errors.ts';

const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;

describe('parseDuration', () => {
  test.each([
    ['90s', 90_000],
    ['10m', 600_000],
    ['8h', 28_800_000],
    ['1h30m', 5_400_000],
    ['1h 30m', 5_400_000],
    ['500ms', 500],
    ['2d', 172_800_000],
    ['1.5h', 5_400_000],
    [' 1m ', 60_000],
    ['1m1ms', 60_001],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(['', ' ', '10', 'm', '10x', '30m1h', '1h1h', '-5m', '1e3s', '5 m', 'PT5M', '10m!', '0s', '0ms', '0.1ms', `${'9'.repeat(20)}d`])(
    'refuses "%s", and says what is accepted',
    (text) => {
      expect(isDuration(text)).toBe(false);
      const error = (() => {
        try {
          return parseDuration(text);
        } catch (thrown) {
          return thrown;
        }
      })();
      expect(error).toBeInstanceOf(AutoresearchError);
      expect(error).toMatchObject({
        code: 'CONFIG_VALUE',
        message: expect.stringContaining(JSON.stringify(text)),
        hint: expect.stringContaining('1h30m'),
      });
    },
  );
});

describe('formatDuration', () => {
  test.each([
    [5_400_000, '1h 30m'],
    [500, '500ms'],
    [60_001, '1m 1ms'],
    [90_061_001, '1d 1h 1m 1s 1ms'],
    [0, '0s'],
    [-5000, '-5s'],
  ])('writes %i as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('both ways', () => {
  test('what is written is read back as the same time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });

  test('any units in order are read as their sum, and written in the same units', () => {
    const parts = fc.tuple(
      fc.integer({ min: 0, max: 1000 }),
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 0, max: 59 }),
      fc.integer({ min: 0, max: 59 }),
      fc.integer({ min: 0, max: 999 }),
    );
    fc.assert(
      fc.property(parts, fc.constantFrom('', ' '), (counts, gap) => {
        fc.pre(counts.some((count) => count > 0));
        const written = Object.entries(UNITS).flatMap(([unit, size], index) => ({
          text: `${counts[index]}${unit}`,
          ms: (counts[index] ?? 0) * size,
        }));
        const shown = written.filter(({ ms }) => ms > 0).map(({ text }) => text);
        const total = written.reduce((sum, { ms }) => sum + ms, 0);
        expect(parseDuration(shown.join(gap))).toBe(total);
        expect(formatDuration(total)).toBe(shown.join(' '));
      }),
    );
  });

  test('the pattern for editors accepts what is read', () => {
    const text = fc.oneof(fc.stringMatching(/^[0-9]{1,3}(ms|s|m|h|d)([0-9]{1,2}(ms|s|m|h|d))?$/), fc.string({ maxLength: 6 }));
    fc.assert(
      fc.property(text, (value) => {
        fc.pre(value === value.trim());
        if (isDuration(value)) expect(value).toMatch(new RegExp(DURATION_PATTERN));
        // The pattern cannot know that a sum is zero.
        else if (new RegExp(DURATION_PATTERN).test(value)) expect(value).toMatch(/^[0.dhms\s]+$/);
      }),
    );
  });
});
