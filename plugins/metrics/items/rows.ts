import { CsvError, parse } from 'csv-parse/sync';
import { ReasonError } from '../../../src/plugin.ts';

export type Format = 'jsonl' | 'csv';

/** One row of the file by column, and the line of the file it ends on. */
export interface Row {
  readonly cells: Readonly<Record<string, unknown>>;
  readonly line: number;
}

export function formatOf(file: string): Format | undefined {
  if (/\.(jsonl|ndjson)$/i.test(file)) return 'jsonl';
  return /\.csv$/i.test(file) ? 'csv' : undefined;
}

/** All rows; `place` names the file in errors. */
export function readRows(text: string, format: Format, place: string): Row[] {
  return format === 'csv' ? readCsv(text, place) : readJsonl(text, place);
}

function readCsv(text: string, place: string): Row[] {
  interface Parsed {
    readonly record: Readonly<Record<string, string>>;
    readonly info: { readonly lines: number };
  }
  try {
    const rows = parse<Parsed>(text, { columns: true, info: true, trim: true, skip_empty_lines: true });
    return rows.map(({ record, info }) => ({ cells: record, line: info.lines }));
  } catch (error) {
    if (error instanceof CsvError) throw new ReasonError('METRIC_MISSING', `${place} is not CSV: ${error.message}`);
    throw error;
  }
}

function readJsonl(text: string, place: string): Row[] {
  const lines = text.split('\n').map((row, index) => ({ row, line: index + 1 }));
  return lines.filter(({ row }) => row.trim() !== '').map(({ row, line }) => ({ cells: toObject(row, `${place}, line ${line}`), line }));
}

function toObject(row: string, where: string): Row['cells'] {
  const value = parseJson(row);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  const shown = row.trim().slice(0, 80);
  // Some writers of JSON write these words, which JSON does not have.
  if (/:\s*-?(NaN|Infinity)\b/.test(row))
    throw new ReasonError('METRIC_NOT_FINITE', `${where} has a value that is not a finite number: ${shown}`);
  throw new ReasonError('METRIC_MISSING', `${where} is not a JSON object: ${shown}`);
}

function parseJson(row: string): unknown {
  try {
    return JSON.parse(row);
  } catch {
    return undefined;
  }
}
