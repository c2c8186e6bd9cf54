import { AutoresearchError, type ExitCode } from '../errors.ts';
import { importRun } from '../import/import-run.ts';
import type { OpeningRecord } from '../ledger/records.ts';
import type { ImportFlags } from '../program-past.ts';
import { print, printJson } from './read.ts';

/** `import` is a keyword, so the function has another name. */
export async function importLog(file: string, { direction, json, ...flags }: ImportFlags): Promise<ExitCode> {
  if (direction !== undefined && direction !== 'minimize' && direction !== 'maximize')
    throw new AutoresearchError('USAGE', `--direction ${direction}: neither minimize nor maximize`, {
      hint: 'For example: --direction maximize',
    });
  const { opening, notes } = await importRun({ ...flags, cwd: process.cwd(), file, ...(direction !== undefined && { direction }) });
  const { run, objective, imported } = opening;
  if (json) printJson({ run, objective, imported, notes });
  else print(textOf(opening, notes));
  return 0;
}

function textOf({ run, objective, imported }: OpeningRecord, notes: readonly string[]): string {
  const { rows = 0, file = '', commits = 0, branch = null } = imported ?? {};
  const found = branch === null ? 'commits were not looked up (--branch)' : `${commits} of their commits are here`;
  return [
    `${run}: ${rows} rows of ${file} imported, ${objective.label} to ${objective.direction}; ${found}`,
    ...notes.map((note) => `  ${note}`),
    `  autoresearch log ${run}`,
    `  autoresearch rejudge ${run} --gate posterior   which of its keeps stand`,
  ].join('\n');
}
