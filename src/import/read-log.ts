import { AutoresearchError, AutoresearchErrors } from '../errors.ts';
import type { Direction } from '../experiment.ts';
import { quote } from './cells.ts';
import { findColumns, type Columns } from './columns.ts';
import { findDirection, type FoundDirection } from './direction.ts';
import { isJson, readJsonLog } from './json-log.ts';
import { columnsAsked, parseMapping } from './mapping.ts';
import { readDirection, type RawLog } from './raw-log.ts';
import { readRows, settleRows, type LogRow } from './rows.ts';
import { readTable } from './text-table.ts';

export type { LogRow } from './rows.ts';

export interface ReadOptions {
  /** `role=column` and `verdict=words`, as `--map` has them. */
  readonly map?: readonly string[];
  readonly direction?: Direction;
  /** Which part of a log that began anew, from 1; the last one without it. */
  readonly segment?: number;
}

export interface LogFile {
  /** What the column with the score is called, such as `val_bpb`. */
  readonly metric: string;
  readonly direction: FoundDirection;
  /** The first with a score is the baseline. */
  readonly rows: readonly LogRow[];
  /** What was understood how, in words for the person. */
  readonly notes: readonly string[];
}

/**
 * Reads the log of any loop of the genre: a table with any marks between its columns, or JSON.
 * @throws AutoresearchError(s) IMPORT_INVALID, one for the header, one for each kind of bad cell; USAGE
 */
export function readLog(bytes: Uint8Array, file: string, options: ReadOptions = {}): LogFile {
  const text = decode(bytes, file);
  const mapping = parseMapping(options.map ?? []);
  const { log, notes } = openLog(text, file, options.segment);
  if (log.rows.length === 0) throw invalid(file, log.headerLine, 'there is no row of an experiment in it', HINT_NONE);
  const columns = findColumns(log, columnsAsked(mapping, log), mapping.words);
  checkColumns(log, columns, file);
  const { rows, problems, skipped, unknown } = readRows(log, columns, mapping.words, file);
  if (problems.length > 0) throw new AutoresearchErrors(problems);
  const metric = metricName(log, columns);
  const said = options.direction ?? log.says.direction ?? saidInColumn(log);
  const found = findDirection(
    metric,
    said,
    rows.map(({ value, meaning }) => ({ value, isKeep: meaning === 'keep' })),
  );
  const direction = options.direction === undefined ? found : { ...found, because: 'as asked' };
  const settled = settleRows(rows, direction.direction);
  if (!settled.some(({ value }) => value !== null))
    throw invalid(file, log.headerLine, `no row has a number in ${quote(metric)}`, HINT_MAP);
  return {
    metric,
    direction,
    rows: settled,
    notes: [...notesOn(log, columns, metric, direction, skipped), ...wordsTaken(unknown), ...notes],
  };
}

const HINT_MAP = 'Name the columns, by name or number: --map score=…,status=…,description=…';
const HINT_NONE = 'A log is a table with a line for each experiment, or JSON with an object for each; docs/import.md shows the forms.';

function openLog(text: string, file: string, segment: number | undefined): { log: RawLog; notes: string[] } {
  if (!isJson(text)) return { log: readTable(text), notes: [] };
  const log = readJsonLog(text, segment);
  if (segment !== undefined && segment > log.segments) {
    throw new AutoresearchError('USAGE', `--segment ${segment}: ${file} began anew only often enough for ${log.segments}`);
  }
  const chosen = segment ?? log.segments;
  return {
    log,
    notes: log.segments > 1 ? [`the log began anew: this is part ${chosen} of ${log.segments} (--segment for the others)`] : [],
  };
}

function checkColumns(log: RawLog, columns: Columns, file: string): void {
  const shown =
    log.header === null ? (log.rows[0]?.cells ?? []).map((cell, index) => `${index + 1}: ${quote(cell)}`) : log.header.filter(Boolean);
  const list = shown.slice(0, 20).join(', ');
  const what = log.header === null ? 'there is no header, and the first row does not tell' : 'the header does not tell';
  if (columns.score === undefined) throw invalid(file, log.headerLine, `${what} which column is the score: ${list}`, HINT_MAP);
  if (columns.status === undefined && columns.description === undefined)
    throw invalid(file, log.headerLine, `${what} which column says what was tried, or what came of it: ${list}`, HINT_MAP);
}

function metricName({ header, says }: RawLog, { score }: Columns): string {
  const name = score === undefined ? undefined : header?.[score]?.trim();
  const isGeneral = name === undefined || /^(?:metric|value|metric_value)$/i.test(name);
  return (isGeneral ? (says.metric ?? name) : name) ?? 'score';
}

function saidInColumn({ header, rows }: RawLog): Direction | undefined {
  const column = header?.findIndex((name) => /^(?:metric_)?(?:direction|goal)$/i.test(name.trim())) ?? -1;
  return column < 0 ? undefined : readDirection(rows[0]?.cells[column]);
}

function notesOn(
  log: RawLog,
  columns: Columns,
  metric: string,
  { direction, because }: FoundDirection,
  skipped: readonly number[],
): string[] {
  const nameOf = (index: number | undefined) => (index === undefined ? 'none' : (log.header?.[index] ?? `column ${index + 1}`));
  const roles = (['status', 'description', 'id'] as const).map((role) => `${role}: ${nameOf(columns[role])}`).join(', ');
  const left = [...log.skipped, ...skipped].toSorted((a, b) => a - b);
  const lines = left.slice(0, 5).join(', ') + (left.length > 5 ? ' …' : '');
  return [
    `score: ${metric}, to ${direction}, ${because}; ${roles} (--map names others)`,
    ...(columns.status === undefined ? ['no column says what was kept: whatever was better than all before it counts as kept'] : []),
    ...(left.length > 0 ? [`${left.length} ${left.length === 1 ? 'line is' : 'lines are'} no experiment: ${lines}`] : []),
  ];
}

function wordsTaken(unknown: readonly string[]): string[] {
  if (unknown.length === 0) return [];
  return [`not known as a status, so taken for discards: ${unknown.slice(0, 5).map(quote).join(', ')} (--map keep=… for others)`];
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new AutoresearchError('IMPORT_INVALID', 'the file is not UTF-8 text', {
      at: { file },
      hint: 'Convert it, for example with iconv.',
    });
  }
}

function invalid(file: string, line: number, message: string, hint: string): AutoresearchError {
  return new AutoresearchError('IMPORT_INVALID', message, { at: { file, line }, hint });
}
