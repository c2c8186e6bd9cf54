import { AutoresearchError } from './errors.ts';

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

const NUMBER = String.raw`(\d+(?:\.\d+)?)`;

/** What a duration looks like, as a regular expression for editors and schemas. */
export const DURATION_PATTERN = `^(?=.)${UNITS.map(([unit]) => String.raw`(?:\d+(?:\.\d+)?${unit}\s*)?`).join('')}$`;

/** What is accepted, in words: the hint of every error about a duration. */
export const DURATION_HELP =
  'A duration is a number with a unit (ms, s, m, h, d) or several in that order, such as 90s, 10m, 1h30m or 500ms.';

const SHAPE = new RegExp(`^${UNITS.map(([unit]) => String.raw`(?:${NUMBER}${unit}\s*)?`).join('')}$`);

/**
 * Reads `90s`, `10m`, `1h30m`, `500ms` or `2d` as whole milliseconds, at least 1.
 * @throws AutoresearchError CONFIG_VALUE, with what is accepted as its hint.
 */
export function parseDuration(text: string): number {
  const match = SHAPE.exec(text.trim());
  if (match === null || text.trim() === '') throw refuse(text, 'is not a duration');
  const ms = Math.round(UNITS.reduce((sum, [, size], index) => sum + Number(match[index + 1] ?? 0) * size, 0));
  if (ms < 1) throw refuse(text, 'is no time at all');
  if (!Number.isSafeInteger(ms)) throw refuse(text, 'is too long');
  return ms;
}

/** Can `parseDuration` read it? */
export function isDuration(text: string): boolean {
  try {
    return parseDuration(text) > 0;
  } catch {
    return false;
  }
}

/** Writes milliseconds as `1h 30m`, exact to the millisecond; `parseDuration` reads it back. */
export function formatDuration(ms: number): string {
  let rest = Math.round(Math.abs(ms));
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count}${unit}`);
    rest -= count * size;
  }
  return (ms < 0 ? '-' : '') + (parts.join(' ') || '0s');
}

function refuse(text: string, why: string): AutoresearchError {
  return new AutoresearchError('CONFIG_VALUE', `${JSON.stringify(text)} ${why}`, { hint: DURATION_HELP });
}
