/** Where each experiment stands in the chart, in thousandths of its width and height. */
import type { Verdict } from '../../experiment.ts';
import type { AuditRecord } from '../../ledger/records.ts';
import { rolledBack } from '../course.ts';
import { levelsOf, type Level } from './levels.ts';
import { domainOf, type Domain } from './scale.ts';
import type { Row } from '../types.ts';

/** What a reader needs to tell apart: a verdict, a repeat of the incumbent, or a keep that an audit took back. */
export type Kind = Verdict | 'control' | 'undone';

export interface Mark {
  readonly row: Row;
  readonly kind: Kind;
  readonly x: number;
  readonly y: number;
  /** Set where the score lies outside the chart and the mark is drawn at its edge. */
  readonly clipped: 'above' | 'below' | null;
}

export interface Chart {
  readonly domain: Domain;
  readonly lastId: number;
  readonly marks: readonly Mark[];
  readonly levels: readonly Level[];
  readonly xOf: (id: number) => number;
  /** Between this experiment and the next. */
  readonly xAfter: (id: number) => number;
  readonly yOf: (score: number) => number;
  /** The same, at the edge for a score outside. */
  readonly yInside: (score: number) => number;
}

/** The height of the strip under the scores where experiments without a score are drawn. */
export const STRIP = 60;

export function layOut(rows: readonly Row[], audits: readonly AuditRecord[] = []): Chart {
  const levels = levelsOf(rows, audits);
  const undone = rolledBack(rows, audits);
  const domain = domainOf(
    rows,
    levels.map(({ value }) => value),
  );
  const lastId = Math.max(1, rows.at(-1)?.id ?? 0);
  const xOf = (id: number): number => round(15 + (970 * id) / lastId);
  const xAfter = (id: number): number => round(Math.min(998, 15 + (970 * (id + 0.5)) / lastId));
  const yOf = (score: number): number => round(((domain.high - score) / (domain.high - domain.low)) * (1000 - STRIP));
  const yInside = (score: number): number => Math.min(1000 - STRIP, Math.max(0, yOf(Math.min(domain.high, Math.max(domain.low, score)))));
  const marks = rows.map((row): Mark => {
    const at = { row, kind: kindOf(row, undone), x: xOf(row.id) };
    if (row.score === null) return { ...at, y: 1000 - STRIP / 2, clipped: null };
    if (row.score > domain.high) return { ...at, y: 0, clipped: 'above' };
    if (row.score < domain.low) return { ...at, y: 1000 - STRIP, clipped: 'below' };
    return { ...at, y: yOf(row.score), clipped: null };
  });
  return { domain, lastId, marks, levels, xOf, xAfter, yOf, yInside };
}

export function kindOf(row: Pick<Row, 'id' | 'verdict' | 'control'>, undone: ReadonlySet<number>): Kind {
  if (row.control === true) return 'control';
  return undone.has(row.id) ? 'undone' : row.verdict;
}

const round = (value: number): number => Math.round(value * 10) / 10;
