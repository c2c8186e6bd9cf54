import { findingsOf, knownKeys, type Finding } from '../config/findings.ts';
import { formatPath, fromPointer, type Path } from '../config/path.ts';
import { wordsFor } from '../config/schema-messages.ts';
import type { ErrorCode } from '../errors.ts';
import type { RowCheck } from './row-schema.ts';
import type { Row, Rows } from './rows.ts';

export interface RowProblem {
  readonly code: ErrorCode;
  readonly line: number;
  readonly column?: number;
  readonly message: string;
  readonly hint?: string | undefined;
}

export interface CheckedRows {
  /** Everything wrong with the rows of one file, by line. */
  readonly problems: readonly RowProblem[];
  /** The rows as the schema has them: of a CSV file, with numbers and truth values where it asks for them. */
  readonly values: readonly Readonly<Record<string, unknown>>[];
}

export function checkRows({ rows, bad, header }: Rows, check: RowCheck, id: string): CheckedRows {
  const problems: RowProblem[] = bad.map((line) => ({ code: 'DATA_ROW_INVALID', ...line }));
  // A column that is missing or unknown is one mistake, in the header, not one in each row.
  const inHeader = new Set<string>();
  const values: Record<string, unknown>[] = [];
  for (const { line, value } of rows) {
    const cells = structuredClone({ ...value });
    values.push(cells);
    for (const finding of findingsOf(check(cells), (pointer) => toPath(pointer, value))) {
      const column = header === null ? undefined : columnOf(finding, header);
      if (column !== undefined && inHeader.has(column)) continue;
      if (column !== undefined) inHeader.add(column);
      problems.push({ code: 'DATA_ROW_INVALID', line: column === undefined ? line : 1, ...wordsOf(finding) });
    }
  }
  return { problems: [...problems, ...repeatedIds(rows, id)].toSorted((a, b) => a.line - b.line), values };
}

/** The line of each id. Rows without an id are reported by the schema. */
export function linesById(rows: readonly Row[], id: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  for (const { line, value } of rows) {
    const name = nameOf(value[id]);
    if (name !== undefined && !lines.has(name)) lines.set(name, line);
  }
  return lines;
}

function repeatedIds(rows: readonly Row[], id: string): RowProblem[] {
  const lines = linesById(rows, id);
  return rows.flatMap(({ line, value }) => {
    const name = nameOf(value[id]);
    const first = name === undefined ? undefined : lines.get(name);
    if (first === undefined || first === line) return [];
    const message = `the ${id} ${JSON.stringify(name)} is there again, after line ${first}`;
    return [{ code: 'DATA_ID_REPEATED' as const, line, message, hint: 'Each row needs an id of its own, the same in every run.' }];
  });
}

function nameOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** The column a whole file lacks, or has without the schema knowing it. */
function columnOf({ error, path, key }: Finding, header: readonly string[]): string | undefined {
  if (key === undefined) return undefined;
  const column = [...path, key].join('.');
  const isThere = header.some((name) => name === column || name.startsWith(`${column}.`));
  const isUnknown = error.keyword === 'additionalProperties' && isThere;
  return isUnknown || (error.keyword === 'required' && !isThere) ? column : undefined;
}

function wordsOf({ error, path, key }: Finding): { readonly message: string; readonly hint?: string | undefined } {
  const { message, hint } = wordsFor(error, { key, path, plugin: undefined, known: knownKeys(error) });
  return { message: path.length === 0 ? message : `${formatPath(path)}: ${message}`, hint };
}

function toPath(pointer: string, value: unknown): Path {
  const path: (string | number)[] = [];
  let at = value;
  for (const step of fromPointer(pointer)) {
    path.push(Array.isArray(at) ? Number(step) : step);
    at = typeof at === 'object' && at !== null ? Object.entries(at).find(([key]) => key === step)?.[1] : undefined;
  }
  return path;
}
