import { CsvError, parse } from 'csv-parse/sync';
import { messageOf } from '../errors.ts';

export type DataFormat = 'csv' | 'jsonl';

/** One row of a data file, and the line it begins on, from 1. */
export interface Row {
  readonly line: number;
  readonly value: Readonly<Record<string, unknown>>;
}

/** A line that cannot be read as a row. */
export interface BadLine {
  readonly line: number;
  readonly column?: number;
  readonly message: string;
  readonly hint?: string;
}

export interface Rows {
  readonly rows: readonly Row[];
  readonly bad: readonly BadLine[];
  /** The names in the first line of a CSV file; null for JSON Lines. */
  readonly header: readonly string[] | null;
}

export function formatOf(file: string): DataFormat | undefined {
  if (/\.(jsonl|ndjson)$/i.test(file)) return 'jsonl';
  return /\.csv$/i.test(file) ? 'csv' : undefined;
}

/** All rows, and all lines that cannot be read. In CSV every value is a text, and an empty cell is left out. */
export function readRows(text: string, format: DataFormat): Rows {
  const bare = text.replace(/^\uFEFF/, '');
  return format === 'csv' ? readCsv(bare) : readJsonl(bare);
}

function readJsonl(text: string): Rows {
  const rows: Row[] = [];
  const bad: BadLine[] = [];
  for (const [index, row] of text.split('\n').entries()) {
    if (row.trim() === '') continue;
    const line = index + 1;
    try {
      const value: unknown = JSON.parse(row);
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) rows.push({ line, value: { ...value } });
      else
        bad.push({ line, message: `must be a JSON object, not ${row.trim().slice(0, 40)}`, hint: 'One object a line: {"id": "a-1", …}' });
    } catch (error) {
      bad.push({ line, ...jsonProblem(messageOf(error)) });
    }
  }
  return { rows, bad, header: null };
}

// V8 says where: "… in JSON at position 42 (line 1 column 43)".
function jsonProblem(message: string): Pick<BadLine, 'column' | 'message' | 'hint'> {
  const position = / at position (\d+)/.exec(message)?.[1];
  return {
    ...(position !== undefined && { column: Number(position) + 1 }),
    message: `is not JSON: ${message.replace(/ in JSON at position .*/, '')}`,
    hint: 'One whole object a line; a line break inside a text is \\n.',
  };
}

function readCsv(text: string): Rows {
  interface Parsed {
    readonly record: readonly string[];
    readonly raw: string;
  }
  let records: Parsed[];
  try {
    // The types of csv-parse know `info` and `raw` only together with `columns`.
    records = parse(text, { info: true, raw: true, trim: true, skip_empty_lines: true, relax_column_count: true }) as unknown as Parsed[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { lines } = error as CsvError & { readonly lines?: unknown };
    return { rows: [], bad: [{ line: typeof lines === 'number' ? lines : 1, message: `is not CSV: ${error.message}` }], header: null };
  }
  const rows: Row[] = [];
  const bad: BadLine[] = [];
  let before = 0;
  let header: readonly string[] | null = null;
  for (const { record, raw } of records) {
    const line = before + newlines(/^[\r\n]*/.exec(raw)?.[0] ?? '') + 1;
    before += newlines(raw);
    if (header === null) {
      header = record;
      bad.push(...headerProblems(record, line));
    } else if (record.length !== header.length) {
      bad.push({
        line,
        message: `has ${record.length} cells, but the header has ${header.length}`,
        hint: 'Quote cells that have a comma.',
      });
    } else rows.push({ line, value: toObject(header, record) });
  }
  return { rows, bad, header };
}

function headerProblems(header: readonly string[], line: number): BadLine[] {
  const twice = header.filter((name, index) => header.indexOf(name) !== index);
  return [...new Set(twice)].map((name) => ({ line, message: `the header has the column ${JSON.stringify(name)} twice` }));
}

function toObject(header: readonly string[], record: readonly string[]): Row['value'] {
  return Object.fromEntries(header.flatMap((name, index) => (record[index] === '' ? [] : [[name, record[index]]])));
}

// Of a line end of two characters, `raw` has the first.
function newlines(text: string): number {
  return text.match(/\r\n?|\n/g)?.length ?? 0;
}
