import { AutoresearchError } from '../errors.ts';
import { better, type Direction } from '../experiment.ts';
import { isCommitId, isMissing, isWords, quote, readNumber } from './cells.ts';
import { nameOf, type Columns } from './columns.ts';
import type { RawLog } from './raw-log.ts';
import { meaningOf, type Meaning, type Status } from './status-words.ts';

/** One experiment of the log: what it claims, and where it stands. */
export interface LogRow {
  readonly line: number;
  /** As written: mostly a commit, else a number or a name. */
  readonly commit: string;
  /** Null where there is none, as for a crash. */
  readonly value: number | null;
  /** All other numbers of the row; the memory is `memory_gb`. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly status: Status;
  /** The status as written; null where the log has none. */
  readonly said: string | null;
  readonly description: string;
  readonly hypothesis: string;
  /** ISO 8601, where the log says it. */
  readonly at: string | null;
}

export type ReadRow = Omit<LogRow, 'status'> & { readonly meaning: Meaning };

interface ReadRows {
  readonly rows: readonly ReadRow[];
  readonly problems: readonly AutoresearchError[];
  /** Lines whose status says that they are no experiments. */
  readonly skipped: readonly number[];
  /** Words for a status that are not known, and were taken for discards. */
  readonly unknown: readonly string[];
}

/** Where no more than this share of the rows has an unknown word, and others are kept, the word is none for a keep. */
const FEW = 0.2;

/** The rows by the roles of their columns; what cannot be read is one problem for all rows of its kind. */
export function readRows(log: RawLog, columns: Columns, words: ReadonlyMap<string, Meaning>, file: string): ReadRows {
  const unknown = new Map<string, number[]>();
  const faulty: { line: number; cell: string }[] = [];
  const skipped: number[] = [];
  const read = log.rows.flatMap(({ line, cells }): ReadRow[] => {
    const cell = (column: number | undefined) => (column === undefined ? '' : (cells[column] ?? ''));
    const said = columns.status === undefined ? null : cell(columns.status);
    const meaning = said === null || isMissing(said) ? 'judge' : meaningOf(said, words);
    if (said !== null && meaning === null) unknown.set(said, [...(unknown.get(said) ?? []), line]);
    const score = cell(columns.score);
    const value = readNumber(score);
    if (meaning === 'skip' || (meaning === 'judge' && said !== null && isMissing(said) && value === null)) {
      skipped.push(line);
      return [];
    }
    if (value === null && !isMissing(score) && !isWords(score) && meaning !== 'crash') faulty.push({ line, cell: score });
    const id = cell(columns.id);
    const description = cell(columns.description);
    return [
      {
        line,
        commit: isCommitId(id) ? id.toLowerCase() : id,
        value,
        metrics: metricsOf(log, columns, cells),
        meaning: meaning ?? 'discard',
        said,
        description: description === '' || isMissing(description) ? (id === '' ? `line ${line}` : id) : description.replace(/\s+/g, ' '),
        hypothesis: isMissing(cell(columns.hypothesis)) ? '' : cell(columns.hypothesis),
        at: timeOf(cell(columns.time)),
      },
    ];
  });
  const count = [...unknown.values()].flat().length;
  const isFew = count <= FEW * read.length && read.some(({ meaning }) => meaning === 'keep');
  const problems = [...(isFew ? [] : unknownWords(unknown, file)), ...badNumbers(faulty, log, columns, file)];
  return { rows: read, problems, skipped, unknown: [...unknown.keys()] };
}

/** The verdicts, in order: the first score is the baseline's, and where the log only says that a row ran, a better score is a keep. */
export function settleRows(rows: readonly ReadRow[], direction: Direction): LogRow[] {
  const scores = rows.flatMap(({ value }) => (value === null || value === 0 ? [] : [value]));
  const isZeroImpossible = scores.length > 0 && scores.every((value) => value > 0) && direction === 'minimize';
  let best: number | null = null;
  return rows.map(({ meaning, ...row }) => {
    const isEmpty = row.value === 0 && meaning !== 'keep' && (row.metrics['memory_gb'] === 0 || isZeroImpossible);
    const value = meaning === 'crash' || isEmpty ? null : row.value;
    const isFirst = value !== null && best === null;
    const isBetter = value !== null && best !== null && better(value, best, direction);
    const status =
      value === null
        ? meaning === 'discard' || meaning === 'keep'
          ? 'discard'
          : 'crash'
        : isFirst || meaning === 'keep' || (meaning === 'judge' && isBetter)
          ? 'keep'
          : 'discard';
    if (status === 'keep') best = value;
    return { ...row, value, status };
  });
}

function metricsOf({ header }: RawLog, columns: Columns, cells: readonly string[]): Record<string, number> {
  const metrics: Record<string, number> = {};
  for (const column of columns.numbers) {
    const value = readNumber(cells[column] ?? '');
    if (value !== null) metrics[header?.[column]?.trim() || `column ${column + 1}`] = value;
  }
  const memory = columns.memory === undefined ? null : readNumber(cells[columns.memory] ?? '');
  const isMegabytes = /m(?:i)?b$/.test(nameOf(header?.[columns.memory ?? -1] ?? ''));
  if (memory !== null && memory >= 0) metrics['memory_gb'] = isMegabytes ? memory / 1024 : memory;
  return metrics;
}

function timeOf(cell: string): string | null {
  if (cell === '') return null;
  const number = /^\d{10}(?:\d{3})?(?:\.\d+)?$/.test(cell) ? Number(cell) * (cell.split('.')[0]?.length === 10 ? 1000 : 1) : NaN;
  const time = Number.isNaN(number) ? Date.parse(/^\d{4}-\d\d-\d\d/.test(cell) ? cell : '') : number;
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

function unknownWords(unknown: ReadonlyMap<string, readonly number[]>, file: string): AutoresearchError[] {
  const [first] = unknown;
  if (first === undefined) return [];
  const list = [...unknown].slice(0, 8).map(([word, lines]) => `${quote(word)} (${linesOf(lines)})`);
  const example = [...unknown.keys()]
    .slice(0, 3)
    .map((word) => word.slice(0, 30))
    .join('|');
  return [
    new AutoresearchError('IMPORT_INVALID', `it is not known what these words for a status mean: ${list.join(', ')}`, {
      at: { file, line: first[1][0] ?? 1 },
      hint: `Say it: --map 'discard=${example}' (or keep, crash, skip).`,
    }),
  ];
}

function badNumbers(
  faulty: readonly { line: number; cell: string }[],
  { header }: RawLog,
  { score = 0 }: Columns,
  file: string,
): AutoresearchError[] {
  const [first] = faulty;
  if (first === undefined) return [];
  const list = faulty.slice(0, 5).map(({ line, cell }) => `${quote(cell)} (line ${line})`);
  const more = faulty.length > 5 ? ` and ${faulty.length - 5} more` : '';
  const name = header?.[score] ?? `column ${score + 1}`;
  return [
    new AutoresearchError('IMPORT_INVALID', `the score ${quote(name)} is no number: ${list.join(', ')}${more}`, {
      at: { file, line: first.line },
      hint: 'Mend the cells, leave them empty for no value, or name another column: --map score=…',
    }),
  ];
}

function linesOf(lines: readonly number[]): string {
  const shown = `line ${lines[0] ?? 0}`;
  return lines.length === 1 ? shown : `${shown} and ${lines.length - 1} more`;
}
