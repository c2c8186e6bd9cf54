import { expect, test } from 'vitest';
import { codeFrame } from '../../src/config/frame.ts';

test('shows the line between its neighbours, with a caret', () => {
  expect(codeFrame('a: 1\nbc: 2\nd: 3\ne: 4\n', { line: 2, column: 5 })).toBe(
    ['  1 | a: 1', '> 2 | bc: 2', '    |     ^', '  3 | d: 3'].join('\n'),
  );
});

test('shows what there is at the first and the last line, and one line alone', () => {
  expect(codeFrame('a\nb\n', { line: 1, column: 1 })).toBe(['> 1 | a', '    | ^', '  2 | b'].join('\n'));
  expect(codeFrame('a\nb', { line: 2, column: 1 })).toBe(['  1 | a', '> 2 | b', '    | ^'].join('\n'));
  expect(codeFrame('', { line: 1, column: 1 })).toBe(['> 1 |', '    | ^'].join('\n'));
});

test('keeps numbers aligned, and tabs and carriage returns out', () => {
  const text = Array.from({ length: 12 }, (_, index) => `\tk${index + 1}: 1`).join('\r\n');
  expect(codeFrame(text, { line: 9, column: 2 })).toBe(['   8 |  k8: 1', '>  9 |  k9: 1', '     |  ^', '  10 |  k10: 1'].join('\n'));
});

test('cuts a long line so that the caret stays in sight', () => {
  const frame = codeFrame(`${'x'.repeat(500)}!${'y'.repeat(500)}`, { line: 1, column: 501 }).split('\n');
  expect(frame[0]?.length).toBeLessThan(130);
  expect(frame[0]?.[frame[1]?.indexOf('^') ?? 0]).toBe('!');
});
