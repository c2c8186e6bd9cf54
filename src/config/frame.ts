import type { Position } from './located.ts';

const WIDTH = 110;

/** The line a position is on, with the lines before and after it and a caret under the column. */
export function codeFrame(text: string, { line, column }: Position): string {
  const lines = text.split(/\r?\n/);
  const last = Math.min(line + 1, lines.at(-1) === '' ? lines.length - 1 : lines.length);
  const gutter = String(last).length;
  // A long line is cut on the left, and its neighbours with it, so that the caret stays in sight.
  const cut = Math.max(0, column - Math.floor(WIDTH * 0.7));
  const frame: string[] = [];
  for (let number = Math.max(1, line - 1); number <= Math.max(line, last); number++) {
    const shown = (lines[number - 1] ?? '').replaceAll('\t', ' ').slice(cut, cut + WIDTH);
    frame.push(`${number === line ? '>' : ' '} ${String(number).padStart(gutter)} | ${shown}`.trimEnd());
    if (number === line) frame.push(`  ${' '.repeat(gutter)} | ${' '.repeat(column - cut - 1)}^`);
  }
  return frame.join('\n');
}
