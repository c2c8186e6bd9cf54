/** Numbers, times and titles for one line of a terminal. */
import type { Summary } from '../../../src/plugin.ts';

/** Decimals at which this run's scores differ visibly: two digits of a typical delta, four of a score. */
export function decimalsFor(history: readonly Pick<Summary, 'score' | 'delta'>[]): number {
  const recent = history.slice(-200);
  const typical = (values: (number | null)[]): number | undefined => {
    const sizes = values.flatMap((value) => (value === null || value === 0 ? [] : [Math.abs(value)])).sort((a, b) => a - b);
    return sizes[Math.floor(sizes.length / 2)];
  };
  const digits = (value: number | undefined, wanted: number): number =>
    value === undefined ? 0 : wanted - 1 - Math.floor(Math.log10(value));
  return Math.min(
    8,
    Math.max(0, digits(typical(recent.map((row) => row.score)) ?? 1, 4), digits(typical(recent.map((row) => row.delta)), 2)),
  );
}

export function number(value: number, decimals: number): string {
  const size = Math.abs(value);
  return size >= 1e9 || (size > 0 && size < 0.5 * 10 ** -decimals) ? value.toExponential(2) : value.toFixed(decimals);
}

export function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(Math.abs(fraction) < 0.1 ? 2 : 1)}%`;
}

/** `0:07`, `12:30`, `1:02:03`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** `40s`, `5m`, `2h 10m`, `3d 4h`. */
export function span(seconds: number): string {
  const pair = (big: number, bigUnit: string, small: number, smallUnit: string): string =>
    small === 0 ? `${big}${bigUnit}` : `${big}${bigUnit} ${small}${smallUnit}`;
  if (seconds < 60) return `${Math.round(seconds)}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return pair(Math.floor(seconds / 3600), 'h', Math.floor((seconds % 3600) / 60), 'm');
  return pair(Math.floor(seconds / 86_400), 'd', Math.floor((seconds % 86_400) / 3600), 'h');
}

/** A title may hold anything; a line of the terminal holds no control character. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+/gu, ' ').trim();
}

const segmenter = new Intl.Segmenter();

/** Cuts a title to its room, never inside a character. */
export function cut(text: string, columns: number): string {
  if (text.length <= columns) return text;
  const characters = Array.from(segmenter.segment(text), ({ segment }) => segment);
  if (characters.length <= columns) return text;
  return `${characters
    .slice(0, Math.max(0, columns - 1))
    .join('')
    .trimEnd()}…`;
}

/** Breaks a text at its words; what comes after the first line begins with `indent`. A word that is too long stays whole. */
export function wrap(text: string, columns: number, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && longer.length > columns) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].join(`\n${indent}`);
}
