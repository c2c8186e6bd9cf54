import { AutoresearchError, AutoresearchErrors } from '../errors.ts';

/** One line of the log: what it claims, and where it stands. */
export interface LogRow {
  readonly line: number;
  /** As written, mostly seven hex digits. */
  readonly commit: string;
  /** Null for a crash. */
  readonly value: number | null;
  readonly memoryGb: number;
  readonly status: 'keep' | 'discard' | 'crash';
  readonly description: string;
}

export interface LogFile {
  /** What the second column is called, such as `val_bpb`. */
  readonly metric: string;
  /** The first is the baseline. */
  readonly rows: readonly LogRow[];
}

const COLUMNS = ['commit', 'val_bpb', 'memory_gb', 'status', 'description'];
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Reads the five-column log that autoresearch loops have kept by hand: tab separated, a header, the baseline first.
 * @throws AutoresearchErrors IMPORT_INVALID, one for everything that is wrong, with file and line
 */
export function parseLog(bytes: Uint8Array, file: string): LogFile {
  const problems: AutoresearchError[] = [];
  const problem = (line: number, message: string, hint?: string) =>
    void problems.push(new AutoresearchError('IMPORT_INVALID', message, { at: { file, line }, hint }));
  const lines = decode(bytes, file).split(/\r\n|\n|\r/);
  const metric = readHeader(lines[0] ?? '', problem);
  const rows = lines.slice(1).flatMap((text, index) => (text.trim() === '' ? [] : (readRow(text, index + 2, problem) ?? [])));
  const [baseline] = rows;
  if (problems.length === 0 && baseline === undefined) problem(1, 'there is no row below the header, and the baseline is needed');
  if (baseline !== undefined && baseline.status !== 'keep')
    problem(
      baseline.line,
      `the first row is the baseline, and its status is ${baseline.status}`,
      'Put the row of the unchanged code first, as a keep.',
    );
  if (problems.length > 0) throw new AutoresearchErrors(problems);
  return { metric, rows };
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

type AddProblem = (line: number, message: string, hint?: string) => void;

function readHeader(text: string, problem: AddProblem): string {
  const names = text.split('\t').map((name) => name.trim());
  const metric = names[1] ?? '';
  const isKnown = names.length === COLUMNS.length && COLUMNS.every((name, index) => index === 1 || names[index] === name);
  if (isKnown && metric !== '') return metric;
  const found = text.trim() === '' ? 'the first line is empty' : `the first line is not a header: ${quote(text)}`;
  problem(1, found, `It must name the columns, with tabs between them: ${COLUMNS.join(' ')}. Another metric may stand for val_bpb.`);
  return metric;
}

function readRow(text: string, line: number, problem: AddProblem): LogRow | null {
  const cells = text.split('\t');
  if (cells.length !== COLUMNS.length) {
    const hint = 'A row has five columns with single tabs between them, and none in the description.';
    problem(line, `${cells.length} ${cells.length === 1 ? 'column' : 'columns'} instead of 5: ${quote(text)}`, hint);
    return null;
  }
  const [commit = '', value = '', memory = '', status = '', description = ''] = cells.map((cell) => cell.trim());
  const faults = [
    /^[0-9a-f]{4,64}$/i.test(commit) ? null : `${quote(commit)} is not the id of a commit`,
    NUMBER.test(value) ? null : `the value ${quote(value)} is not a number`,
    NUMBER.test(memory) && Number(memory) >= 0 ? null : `the memory ${quote(memory)} is not a number of 0 or more`,
    isStatus(status) ? null : `the status ${quote(status)} is not keep, discard or crash`,
    description === '' ? 'the description is empty' : null,
    status === 'crash' && NUMBER.test(value) && Number(value) !== 0 ? `a crash has no value, and here it is ${value}` : null,
    status !== 'crash' && isZero(value) && isZero(memory) ? `0 and 0 stand for a crash, and the status is ${quote(status)}` : null,
  ].filter((fault) => fault !== null);
  for (const fault of faults) problem(line, fault);
  if (faults.length > 0 || !isStatus(status)) return null;
  return {
    line,
    commit: commit.toLowerCase(),
    value: status === 'crash' ? null : Number(value),
    memoryGb: Number(memory),
    status,
    description,
  };
}

function isStatus(text: string): text is LogRow['status'] {
  return text === 'keep' || text === 'discard' || text === 'crash';
}

function isZero(text: string): boolean {
  return NUMBER.test(text) && Number(text) === 0;
}

function quote(text: string): string {
  const shown = text.replaceAll('\t', '⇥').replaceAll(/\p{Cc}/gu, '�');
  return `"${shown.length > 60 ? `${shown.slice(0, 59).replace(/[\uD800-\uDBFF]$/, '')}…` : shown}"`;
}
