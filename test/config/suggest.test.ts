import { expect, test } from 'vitest';
import { didYouMean, suggest } from '../../src/config/suggest.ts';

test('finds the nearest word, whatever its case and dashes', () => {
  expect(suggest('minDetla', ['minDelta', 'simpler'])).toBe('minDelta');
  expect(suggest('min_delta', ['minDelta', 'maxDelta'])).toBe('minDelta');
  expect(suggest('tiny_lm', ['tiny-lm'])).toBe('tiny-lm');
  expect(suggest('experiment', ['time', 'experiments', 'cost'])).toBe('experiments');
});

test('suggests nothing for a word that is far from all', () => {
  expect(suggest('sandbox', ['scope', 'slots', 'seed'])).toBeUndefined();
  expect(suggest('x', [])).toBeUndefined();
  expect(didYouMean('sandbox', ['scope'])).toBe('');
});
