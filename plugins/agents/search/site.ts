import type { Scalar } from '../../../src/plugin.ts';

/** A place where a name is given a value. */
export interface Site {
  /** Counts from 1. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
  /** The value as it is written. */
  readonly text: string;
  /** Null when what is written is not a plain literal. */
  readonly value: Scalar | null;
}

/** Every place of a text where a name gets a value. */
export type Locator = (name: string) => readonly Site[];

const NUMBER = /[-+]?(?:0[xX][0-9a-fA-F_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][-+]?\d+)?)/y;
const WORD = /(?:true|false|True|False)\b/y;
const STRING = /"[^"\\\n]*"|'[^'\\\n]*'/y;

/** The literal that begins at an offset; null when something else does. */
export function literalAt(text: string, start: number): { readonly end: number; readonly value: Scalar } | null {
  const number = matchAt(NUMBER, text, start);
  if (number !== null) return { end: start + number.length, value: numberOf(number) };
  const word = matchAt(WORD, text, start);
  if (word !== null) return { end: start + word.length, value: word.toLowerCase() === 'true' };
  const string = matchAt(STRING, text, start);
  if (string !== null) return { end: start + string.length, value: string.slice(1, -1) };
  return null;
}

/** The site at an offset: a literal when one stands there alone (as `ends` says), else what the line holds. */
export function siteAt(text: string, start: number, ends: (end: number) => boolean): Site {
  const line = lineOf(text, start);
  const literal = literalAt(text, start);
  if (literal !== null && ends(literal.end)) {
    return { line, start, end: literal.end, text: text.slice(start, literal.end), value: literal.value };
  }
  const end = text.indexOf('\n', start) < 0 ? text.length : text.indexOf('\n', start);
  return { line, start, end, text: text.slice(start, end).trim(), value: null };
}

/** The sites with a literal, where there are any: `f(lr=lr)` and `lr: number` only pass on or describe. */
export function literalsFirst(sites: readonly Site[]): readonly Site[] {
  const literals = sites.filter(({ value }) => value !== null);
  return literals.length > 0 ? literals : sites;
}

export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** Escapes a name for use in a regular expression. */
export function escape(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

function numberOf(text: string): number {
  const plain = text.replaceAll('_', '');
  const sign = plain.startsWith('-') ? -1 : 1;
  return sign * Number(plain.replace(/^[-+]/, ''));
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  const sticky = new RegExp(pattern.source, 'y');
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0] ?? null;
}
