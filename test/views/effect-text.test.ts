import { expect, it } from 'vitest';
import { reviewQueue } from '../../src/review/queue.ts';
import { makeSummary } from '../../src/testing.ts';
import { effectText } from '../../src/views/effect-text.ts';

const estimate = { effect: -0.003, low: -0.004, high: -0.002, pGain: 0.97, n: 3, method: 'x/1' };

it.each([
  ['minimize', { delta: -0.0061 }, '0.0061 by the raw scores, from 1 trial'],
  ['minimize', { delta: 0.0061 }, 'none: a loss of 0.0061 by the raw scores, from 1 trial'],
  ['maximize', { delta: 0.0061 }, '0.0061 by the raw scores, from 1 trial'],
  ['maximize', { delta: -0.0061 }, 'none: a loss of 0.0061 by the raw scores, from 1 trial'],
  ['minimize', { estimate, n: 3 }, '0.0030 ± 0.0010, P(gain) 0.97, from 3 trials'],
  ['maximize', { estimate, n: 3 }, 'none: a loss of 0.0030 ± 0.0010, P(gain) 0.97, from 3 trials'],
  ['minimize', { delta: null }, 'nothing was measured'],
] as const)('with %s, %j reads %s', (direction, part, text) => {
  const row = makeSummary({ id: 1, verdict: 'review', ...part });
  const [item] = reviewQueue({ summaries: [row], reviews: new Map(), audits: [], direction });
  expect(item && effectText(item, 4, 4)).toBe(text);
});
