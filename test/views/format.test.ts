import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalsFor, formatNumber, formatPercent, formatSeconds, formatSigned, plural, shortCommit } from '../../src/views/format.ts';

const rows = (scores: number[], deltas: (number | null)[]) => scores.map((score, at) => ({ score, delta: deltas[at] ?? null }));

describe('decimals of a run', () => {
  it.each([
    ['bits per byte', rows([0.9979, 0.9755], [null, -0.0033]), 4],
    ['tiny gains', rows([0.9979, 0.9978], [null, -0.00008]), 6],
    ['milliseconds', rows([412.7, 398.2], [null, -14.5]), 1],
    ['bytes', rows([48_213, 45_100], [null, -3113]), 0],
    ['nothing measured', rows([], []), 4],
  ])('%s', (_name, given, decimals) => expect(decimalsFor(given)).toBe(decimals));

  it('shows a typical delta as something else than zero', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-7, max: 1e6, noNaN: true }), (delta) => {
        expect(Number(formatNumber(delta, decimalsFor([{ score: 1, delta }])))).toBeGreaterThan(0);
      }),
    );
  });
});

describe('numbers', () => {
  it('keeps very small and very large values readable', () => {
    expect([formatNumber(0.00000012, 4), formatNumber(3.2e12, 2), formatNumber(0, 4), formatNumber(-1.5, 2)]).toEqual([
      '1.20e-7',
      '3.20e+12',
      '0.0000',
      '-1.50',
    ]);
  });

  it('signs deltas', () =>
    expect([formatSigned(0.0033, 4), formatSigned(-0.0033, 4), formatSigned(0, 1)]).toEqual(['+0.0033', '-0.0033', '0.0']));

  it('writes fractions as percent', () =>
    expect([0.0224, 0.5, 1.5, -0.001].map(formatPercent)).toEqual(['2.24%', '50.0%', '150%', '-0.10%']));

  it('writes times from seconds to days', () => {
    expect([0.42, 12, 59.6, 303, 7800, 273_600].map(formatSeconds)).toEqual(['0.4s', '12s', '60s', '5m 03s', '2h 10m', '3d 4h']);
  });

  it('shortens commits and counts nouns', () => {
    expect([shortCommit('0123456789abcdef'), shortCommit(null), plural(1, 'keep'), plural(2, 'keep')]).toEqual([
      '0123456',
      '–',
      '1 keep',
      '2 keeps',
    ]);
  });
});
