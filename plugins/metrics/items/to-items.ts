import { ReasonError, type Item } from '../../../src/plugin.ts';
import type { Row } from './rows.ts';

/** The names of the columns. */
export interface Columns {
  readonly id: string;
  readonly value: string;
  readonly group: string;
}

/** One item for each row, in their order; an error names the line. */
export function toItems(rows: readonly Row[], columns: Columns, place: string): Item[] {
  const lines = new Map<string, number>();
  return rows.map((row) => {
    const where = `${place}, line ${row.line}`;
    const item = toItem(row.cells, columns, where);
    const first = lines.get(item.id);
    if (first !== undefined)
      throw new ReasonError('METRIC_DUPLICATE', `${where} has the ${columns.id} ${show(item.id)} again, after line ${first}`);
    lines.set(item.id, row.line);
    return item;
  });
}

function toItem(cells: Row['cells'], columns: Columns, where: string): Item {
  const missing = (column: string) =>
    new ReasonError('METRIC_MISSING', `${where} has no ${show(column)}; it has ${Object.keys(cells).join(', ')}`);
  const id = toName(cells[columns.id]);
  if (id === undefined) throw missing(columns.id);
  const cell = cells[columns.value];
  if (cell === undefined || cell === null || cell === '') throw missing(columns.value);
  const value = toNumber(cell);
  if (!Number.isFinite(value)) {
    throw new ReasonError(
      'METRIC_NOT_FINITE',
      `${where} has ${show(cell)} as ${columns.value}, which is neither a finite number nor true or false`,
    );
  }
  const group = toName(cells[columns.group]);
  return { id, value, ...(group !== undefined && { group }) };
}

/** A number is common as an id, and a truth value as a group. */
function toName(cell: unknown): string | undefined {
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
  return typeof cell === 'string' && cell !== '' ? cell : undefined;
}

/** In CSV everything is text; Python writes True where others write true. */
function toNumber(cell: unknown): number {
  if (typeof cell === 'number') return cell;
  const text = String(cell).trim();
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true' ? 1 : 0;
  return typeof cell === 'string' && text !== '' ? Number(text) : Number.NaN;
}

function show(value: unknown): string {
  return String(typeof value === 'number' ? value : JSON.stringify(value)).slice(0, 80);
}
