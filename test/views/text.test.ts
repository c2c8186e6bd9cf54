import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneLine, pad, printable, truncate, widthOf, wrap } from '../../src/views/text.ts';

const anything = fc.string({ unit: 'binary', maxLength: 80 });

describe('text for a terminal', () => {
  it('makes one printable line of anything', () => {
    fc.assert(fc.property(anything, (text) => !/[\p{Cc}\u2028\u2029\u202a-\u202e]/u.test(oneLine(text))));
    expect(oneLine('red \u001b[31malert\u001b[0m\r\nnext\ttab')).toBe('red  [31malert [0m next tab');
  });

  it('keeps line feeds and tabs of prose and drops what moves the cursor', () => {
    expect(printable('a\r\nb\tc\u001b[2Jd\u0007')).toBe('a\nb\tc[2Jd');
  });

  it('counts columns as a terminal does', () => {
    expect(['plain', '0.6 → 0.8', '学習率', '🚀 go', ''].map(widthOf)).toEqual([5, 9, 6, 5, 0]);
  });

  it('never cuts to more columns than asked, and leaves what fits alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.integer({ min: 1, max: 60 }), (text, columns) => {
        const cut = truncate(text, columns);
        expect(widthOf(cut)).toBeLessThanOrEqual(columns);
        if (widthOf(text) <= columns) expect(cut).toBe(text);
      }),
    );
    expect(truncate('learning rate', 9)).toBe('learning…');
    expect(pad(truncate('学習率', 5), 5)).toBe('学習…');
  });

  it('breaks prose at words and keeps paragraphs', () => {
    expect(wrap('one two three four five\n\nsix', 22, '  ')).toBe('  one two three four\n  five\n\n  six');
    expect(wrap('one two', undefined)).toBe('one two');
  });
});
