/** Cleans texts of models and programs for display: no control or bidirectional characters, no endless lines. */
import { printable } from '../views/text.ts';

const LONGEST_TEXT = 20_000;
const LONGEST_LINE = 2000;

/** A copy of plain JSON in which every text and every name is clean. */
export function cleanTexts<T>(value: T): T {
  return clean(value) as T;
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [cleanText(name), clean(inner)]));
}

export function cleanText(text: string): string {
  const shown = printable(text.toWellFormed());
  return shown.length > LONGEST_TEXT ? `${shown.slice(0, LONGEST_TEXT)}\n… ${shown.length - LONGEST_TEXT} more characters` : shown;
}

/** A line of a diff or a log, cut where it is a whole file on one line. */
export function clipLine(line: string): string {
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)} … ${line.length - LONGEST_LINE} more characters` : line;
}

/** The first lines of a text, each of them clipped, and how many are left out. */
export function firstLines(text: string, most: number): { readonly text: string; readonly left: number } {
  const lines = printable(text.toWellFormed()).split('\n');
  return { text: lines.slice(0, most).map(clipLine).join('\n'), left: Math.max(0, lines.length - most) };
}

export function lastLines(text: string, most: number): string {
  return printable(text.toWellFormed()).split('\n').slice(-most).map(clipLine).join('\n');
}
