/** Tables in text: with tabs, commas, semicolons, pipes or blanks between the columns. */
import { CsvError, parse } from 'csv-parse/sync';
import { plainCell, readNumber } from './cells.ts';
import { readDirection, type RawLog, type RawRow } from './raw-log.ts';

export type Delimiter = '\t' | '|' | ';' | ',' | ' ';

/** Reads the table in a text; comments, prose around it and lines that are no rows of it are passed over. */
export function readTable(text: string): RawLog {
  const lines = text.split(/\r\n|\n|\r/).map(withTabs);
  const isComment = (line: string) => /^\s*(?:#(?!\s*[|\t,;]|\s{2,}\S.*\s{2,})|\/\/|<!--)/.test(line) && !line.startsWith('#\t');
  const comments = lines.filter(isComment);
  const body = lines.map((line) => (isComment(line) || /^\s*```/.test(line) ? '' : line));
  const delimiter = delimiterOf(body);
  const rows = delimiter === '|' ? markdownRows(body) : (quotedRows(body, delimiter) ?? splitRows(body, delimiter));
  const [first, ...rest] = rows;
  const names = first?.cells.map(plainCell) ?? [];
  const isHeader = first !== undefined && looksLikeHeader(names);
  const width = first?.cells.length ?? 0;
  const entries = (isHeader ? rest : rows).map((row) => unquoted(fitted(row, width, delimiter)));
  const commas = hasDecimalCommas(entries);
  // A row has at least two cells with something in them; the rest of a text that broke over lines has one.
  const isEntry = ({ cells }: RawRow) => cells.filter((cell) => cell !== '').length >= Math.min(2, width);
  return {
    header: isHeader ? names : null,
    headerLine: first?.line ?? 1,
    rows: entries.filter(isEntry).map((row) => (commas ? withPoints(row) : row)),
    says: saidIn(comments),
    skipped: entries.filter((row) => !isEntry(row)).map(({ line }) => line),
  };
}

/** A shell's echo writes a tab as a backslash and a t. */
function withTabs(line: string): string {
  return !line.includes('\t') && line.split('\\t').length > 2 ? line.replaceAll('\\t', '\t') : line;
}

/** The mark that most lines have, in the order of how seldom it stands in prose. */
export function delimiterOf(lines: readonly string[]): Delimiter {
  const filled = lines.filter((line) => line.trim() !== '');
  const having = (mark: RegExp) => filled.filter((line) => mark.test(line)).length;
  if (having(/\t/) * 2 >= filled.length && having(/\t/) > 0) return '\t';
  if (having(/^\s*\|.*\|\s*$/) >= 2 || (filled.length > 0 && having(/\s\|\s/) === filled.length)) return '|';
  const [first = ''] = filled;
  if (having(/;/) === filled.length && first.split(';').length >= 3) return ';';
  if (first.split(',').length >= 3 && having(/,/) * 2 >= filled.length) return ',';
  return ' ';
}

/** Quoted cells may hold the mark and line ends. Null where quotes are used otherwise. */
function quotedRows(lines: readonly string[], delimiter: Delimiter): RawRow[] | null {
  if (delimiter === ' ' || !lines.some((line) => line.includes('"'))) return null;
  try {
    const records: unknown = parse(lines.join('\n'), { delimiter, skip_empty_lines: true, relax_column_count: true, info: true });
    const read = records as { record: string[]; info: { lines: number } }[];
    const width = read[0]?.record.length ?? 0;
    if (read.some(({ record }) => record.length < width / 2)) return null;
    return read.map(({ record, info }) => ({ cells: record, line: info.lines - record.join('').split('\n').length + 1 }));
  } catch (error) {
    if (error instanceof CsvError) return null;
    throw error;
  }
}

function splitRows(lines: readonly string[], delimiter: Delimiter): RawRow[] {
  const header = lines.find((line) => line.trim() !== '') ?? '';
  const wide = delimiter === ' ' && header.trim().split(/\s{2,}/).length >= 3;
  const split = (line: string) => (delimiter === ' ' ? line.trim().split(wide ? /\s{2,}/ : /\s+/) : line.split(delimiter));
  return lines.flatMap((line, index) => (line.trim() === '' ? [] : [{ line: index + 1, cells: split(line) }]));
}

/** The rows of the table whose header has most of the names that logs use. */
function markdownRows(lines: readonly string[]): RawRow[] {
  const tables: RawRow[][] = [[]];
  lines.forEach((line, index) => {
    const inner = /^\s*\|?(.*?)\|?\s*$/.exec(line)?.[1] ?? '';
    if (!inner.includes('|')) return void (tables.at(-1)?.length !== 0 && tables.push([]));
    if (/^[\s|:-]+$/.test(inner)) return;
    tables.at(-1)?.push({ line: index + 1, cells: inner.split(/(?<!\\)\|/).map((cell) => cell.replaceAll('\\|', '|')) });
  });
  const filled = tables.filter((rows) => rows.length > 1);
  const known = ([head]: RawRow[]) => head?.cells.filter((cell) => NAMES.test(plainCell(cell))).length ?? 0;
  return filled.toSorted((a, b) => known(b) - known(a))[0] ?? [];
}

const NAMES =
  /^(?:status|decision|verdict|outcome|result|kept|score|metric|description|notes|change|what|idea|commit|run|exp|experiment|iteration|#)$/i;

function unquoted({ line, cells }: RawRow): RawRow {
  return { line, cells: cells.map(plainCell) };
}

const COMMA = /^[+-]?\d+,\d+(?=\D*$)/;

/** `0,9951`: numbers have one comma and none has a point, and the commas are not all for thousands. */
function hasDecimalCommas(rows: readonly RawRow[]): boolean {
  const cells = rows.flatMap((row) => row.cells);
  return (
    cells.some((cell) => COMMA.test(cell) && !/^[+-]?[1-9]\d{0,2},\d{3}\D*$/.test(cell)) &&
    !cells.some((cell) => /^[+-]?\d*\.\d+\D*$/.test(cell))
  );
}

function withPoints({ line, cells }: RawRow): RawRow {
  return { line, cells: cells.map((cell) => (COMMA.test(cell) ? cell.replace(',', '.') : cell)) };
}

/** Extra cells belong to the last column: its description holds the separator. */
function fitted({ line, cells }: RawRow, width: number, delimiter: Delimiter): RawRow {
  if (cells.length <= width || width === 0) return { line, cells };
  const rest = cells.slice(width - 1);
  while (rest.length > 1 && rest.at(-1) === '') rest.pop();
  return { line, cells: [...cells.slice(0, width - 1), rest.join(delimiter === '\t' ? ' ' : delimiter)] };
}

/** A header names columns: it holds neither numbers nor a verdict. */
function looksLikeHeader(cells: readonly string[]): boolean {
  const isName = (cell: string) => readNumber(cell) === null && cell.length <= 60;
  return cells.every(isName) && !cells.some((cell) => /^(?:keep|discard|discarded|crash|crashed|reject|rejected)$/i.test(cell));
}

function saidIn(comments: readonly string[]): RawLog['says'] {
  const said = (name: RegExp) => comments.map((line) => name.exec(line)?.[1]?.trim()).find((text) => text !== undefined);
  const direction = readDirection(said(/(?:metric[_ ])?direction\s*[:=]\s*([\w -]+)/i));
  const metric = said(/^\W*metric(?:[_ ]name)?\s*[:=]\s*(\S+)/i);
  return { ...(metric !== undefined && { metric }), ...(direction !== undefined && { direction }) };
}
