import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { DataFile } from '../config/types.ts';
import { AutoresearchError, messageOf, type ErrorCode } from '../errors.ts';
import { checkRows, linesById, type RowProblem } from './check-rows.ts';
import { compileRowSchema, type RowCheck } from './row-schema.ts';
import { formatOf, readRows, type Row } from './rows.ts';

/** Problems of one file that are shown; of the rest only the number. */
const MOST_SHOWN = 20;

export interface DataProject {
  readonly projectDir: string;
  /** Paths that only audits see. */
  readonly holdout: readonly string[];
  /** Paths that are linked into worktrees. */
  readonly link: readonly string[];
  /** A file as the commit the run starts from has it; null if it has none. */
  readonly readCommitted: (path: string) => Promise<string | null>;
}

/** How many rows each file has. */
export interface DataSummary {
  readonly path: string;
  readonly rows: number;
}

/** Checks the user's data files row by row; every problem names file and line. */
export async function checkData(
  files: readonly DataFile[],
  project: DataProject,
): Promise<{ readonly problems: readonly AutoresearchError[]; readonly summaries: readonly DataSummary[] }> {
  const read: ReadFile[] = [];
  const problems: AutoresearchError[] = [];
  for (const [index, file] of files.entries()) {
    const one = await checkFile(file, `data[${index}]`, project);
    problems.push(...one.problems);
    read.push({ file, rows: one.rows });
  }
  problems.push(...leaks(read, project.holdout));
  return { problems, summaries: read.map(({ file, rows }) => ({ path: file.path, rows: rows.length })) };
}

interface ReadFile {
  readonly file: DataFile;
  readonly rows: readonly Row[];
}

async function checkFile(file: DataFile, at: string, project: DataProject) {
  const problems: AutoresearchError[] = [];
  const { path, id, format = formatOf(path) } = file;
  if (format === undefined) {
    problems.push(problem('DATA_FORMAT', path, `${at} ends neither in .jsonl nor in .csv`, 'say which it is: format: csv'));
    return { problems, rows: [] };
  }
  const text = await readFile(join(project.projectDir, path), 'utf8').catch(() => null);
  if (text === null)
    problems.push(problem('DATA_MISSING', path, `${at}: there is no such file`, 'put your data there, or correct the path'));
  else problems.push(...(await placeProblems(path, text, project)));
  const check = await readSchema(file, format, at, project.projectDir);
  if (check instanceof AutoresearchError) problems.push(check);
  if (text === null || check instanceof AutoresearchError) return { problems, rows: [] };
  const rows = readRows(text, format);
  problems.push(...shown(path, checkRows(rows, check, id)));
  if (rows.rows.length === 0 && rows.bad.length === 0) problems.push(problem('DATA_MISSING', path, `${at}: the file has no rows`));
  return { problems, rows: rows.rows };
}

/** Would a run see this file, and as it is now? */
async function placeProblems(path: string, text: string, { holdout, link, readCommitted }: DataProject): Promise<AutoresearchError[]> {
  if ([...holdout, ...link].some((outer) => isIn(path, outer))) return [];
  const committed = await readCommitted(path);
  if (committed !== null && toLf(committed) === toLf(text)) return [];
  const message =
    committed === null
      ? 'is neither in the commit the run starts from nor linked, so no trial would find it'
      : 'differs from the commit the run starts from, and trials would read the old one';
  const hint = `git add ${path} && git commit${committed === null ? ', or put it in .gitignore and under workspace.link' : ''}`;
  return [problem('DATA_NOT_COMMITTED', path, message, hint)];
}

async function readSchema(
  { schema }: DataFile,
  format: 'csv' | 'jsonl',
  at: string,
  projectDir: string,
): Promise<RowCheck | AutoresearchError> {
  const text = await readFile(join(projectDir, schema), 'utf8').catch(() => null);
  if (text === null)
    return problem('DATA_SCHEMA_INVALID', schema, `${at}.schema: there is no such file`, 'a JSON Schema of one row; see docs/data.md');
  try {
    return compileRowSchema(text, format);
  } catch (error) {
    return problem(
      'DATA_SCHEMA_INVALID',
      schema,
      `${at}.schema: ${messageOf(error)}`,
      'it must be a JSON Schema of one row; see docs/data.md',
    );
  }
}

function shown(path: string, problems: readonly RowProblem[]): AutoresearchError[] {
  const first = problems.slice(0, MOST_SHOWN).map(({ code, message, hint, line, column }) => {
    return new AutoresearchError(code, message, { hint, at: { file: path, line, ...(column !== undefined && { column }) } });
  });
  const rest = problems.length - first.length;
  return rest === 0 ? first : [...first, problem('DATA_ROW_INVALID', path, `${rest} more problems are not shown`)];
}

/** What is held out must be nothing the loop sees: of files with one schema, ids must not be in both. */
function leaks(read: readonly ReadFile[], holdout: readonly string[]): AutoresearchError[] {
  const isHeldOut = ({ file }: ReadFile) => holdout.some((outer) => isIn(file.path, outer));
  const seen = read.filter((one) => !isHeldOut(one));
  return read.filter(isHeldOut).flatMap(({ file, rows }) =>
    seen
      .filter((other) => other.file.schema === file.schema)
      .flatMap((other) => {
        const known = linesById(other.rows, other.file.id);
        const both = [...linesById(rows, file.id)].flatMap(([name, line]) =>
          known.has(name) ? [{ name, line, first: known.get(name) }] : [],
        );
        const [one] = both;
        if (one === undefined) return [];
        const message = `${both.length} held-out rows are in ${other.file.path} too, such as ${JSON.stringify(one.name)} of its line ${one.first}`;
        const hint = 'An audit is worth nothing on rows the loop has seen. If they are other rows, give them other ids.';
        return [new AutoresearchError('DATA_LEAKED', message, { hint, at: { file: file.path, line: one.line } })];
      }),
  );
}

function problem(code: ErrorCode, file: string, message: string, hint?: string): AutoresearchError {
  return new AutoresearchError(code, message, { hint, at: { file } });
}

function isIn(path: string, outer: string): boolean {
  const [inner, folder] = [posix.normalize(path), posix.normalize(outer).replace(/\/$/, '')];
  return inner === folder || inner.startsWith(`${folder}/`);
}

function toLf(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
