/** Where each experiment stands in the chart, in thousandths of its width and height. */
import { domainOf, type Domain } from './scale.ts';
import type { Row } from '../types.ts';

export interface Mark {
  readonly row: Row;
  readonly x: number;
  readonly y: number;
  /** Set where the score lies outside the chart and the mark is drawn at its edge. */
  readonly clipped: 'above' | 'below' | null;
}

export interface Chart {
  readonly domain: Domain;
  readonly lastId: number;
  readonly marks: readonly Mark[];
  readonly xOf: (id: number) => number;
  readonly yOf: (score: number) => number;
}

/** The height of the strip under the scores where experiments without a score are drawn. */
export const STRIP = 60;

export function layOut(rows: readonly Row[]): Chart {
  const domain = domainOf(rows);
  const lastId = Math.max(1, rows.at(-1)?.id ?? 0);
  const xOf = (id: number): number => round(15 + (970 * id) / lastId);
  const yOf = (score: number): number => round(((domain.high - score) / (domain.high - domain.low)) * (1000 - STRIP));
  const marks = rows.map((row): Mark => {
    const x = xOf(row.id);
    if (row.score === null) return { row, x, y: 1000 - STRIP / 2, clipped: null };
    if (row.score > domain.high) return { row, x, y: 0, clipped: 'above' };
    if (row.score < domain.low) return { row, x, y: 1000 - STRIP, clipped: 'below' };
    return { row, x, y: yOf(row.score), clipped: null };
  });
  return { domain, lastId, marks, xOf, yOf };
}

const round = (value: number): number => Math.round(value * 10) / 10;
