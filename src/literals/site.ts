import type { Scalar } from '../experiment.ts';
import { readLiteral, type Notation } from './notation.ts';

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

/** What a text gives values to. */
export interface Names {
  /** Every place where a name gets a value. */
  find(name: string): readonly Site[];
  /** The names that get a plain value somewhere. */
  list(): readonly string[];
}

/** The site at an offset: a literal when one stands there alone (as `ends` says), else what the line holds. */
export function siteAt(text: string, start: number, how: Notation, ends: (end: number) => boolean): Site {
  const line = lineOf(text, start);
  const literal = readLiteral(text, start, how);
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
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
