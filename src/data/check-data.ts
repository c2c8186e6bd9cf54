import type { DataFile, Split } from '../config/types.ts';
import { AutoresearchError, messageOf, type ErrorCode } from '../errors.ts';
import { checkRows, linesById, type RowProblem } from './check-rows.ts';
import { nestColumns } from './nest-columns.ts';
import { dataName, digestOf, type DataProject, type ReadData } from './read-data.ts';
import { compileRowSchema, type RowSchema } from './row-schema.ts';
import { formatOf, readRows, type Row } from './rows.ts';

/** Problems of one file that are shown; of the rest only the number. */
const MOST_SHOWN = 20;

/** Checks the user's data files row by row; every problem names file and line. */
export async function checkData(
  files: readonly DataFile[],
  project: DataProject,
): Promise<{ readonly problems: readonly AutoresearchError[]; readonly data: readonly ReadData[] }> {
  const read: CheckedFile[] = [];
  const problems: AutoresearchError[] = [];
  for (const [index, file] of files.entries()) {
    const one = await checkFile(file, `data[${index}]`, project);
    problems.push(...one.problems);
    read.push(one);
  }
  problems.push(...leaks(read));
  return { problems, data: read.flatMap(({ data }) => (data === null ? [] : [data])) };
}

interface CheckedFile {
  readonly file: DataFile;
  readonly problems: readonly AutoresearchError[];
  readonly split: Split;
  readonly rows: readonly Row[];
  /** Null where it could not be read. */
  readonly data: ReadData | null;
}

async function checkFile(file: DataFile, at: string, project: DataProject): Promise<CheckedFile> {
  const problems: AutoresearchError[] = [];
  const { path, id, format = formatOf(path) } = file;
  const none = { file, problems, split: project.splitOf(file), rows: [], data: null };
  if (format === undefined) {
    problems.push(problem('DATA_FORMAT', path, `${at} ends neither in .jsonl nor in .csv`, 'say which it is: format: csv'));
    return none;
  }
  const text = await project.read(path);
  if (text === null)
    problems.push(problem('DATA_MISSING', path, `${at}: there is no such file`, 'put your data there, or correct the path'));
  else problems.push(...(await placeProblems(path, text, project)));
  const schema = await readSchema(file, format, at, project);
  if (schema instanceof AutoresearchError) problems.push(schema);
  if (text === null || schema instanceof AutoresearchError) return none;
  const rows = nestColumns(readRows(text, format), schema.properties);
  const checked = checkRows(rows, schema.check, id);
  problems.push(...shown(path, checked.problems));
  if (rows.rows.length === 0 && rows.bad.length === 0) problems.push(problem('DATA_MISSING', path, `${at}: the file has no rows`));
  const data = {
    schema: schema.schema,
    file,
    name: dataName(file),
    format,
    split: none.split,
    sha256: digestOf(text),
    values: checked.values,
  };
  return { ...none, rows: rows.rows, data };
}

/** Would a run see this file, and as it is now? */
async function placeProblems(path: string, text: string, project: DataProject): Promise<AutoresearchError[]> {
  if (project.isLinked(path)) return [];
  const committed = await project.readCommitted(path);
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
  project: DataProject,
): Promise<RowSchema | AutoresearchError> {
  const text = await project.read(schema);
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

/** Held-out rows must not be seen by the loop: files with the same schema must not share ids. */
function leaks(read: readonly CheckedFile[]): AutoresearchError[] {
  const seen = read.filter(({ split }) => split !== 'holdout');
  return read
    .filter(({ split }) => split === 'holdout')
    .flatMap(({ file, rows }) =>
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

function toLf(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
