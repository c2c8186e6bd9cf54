import type { ExitCode } from '../errors.ts';
import { openRepository } from '../git/repository.ts';
import { listRuns } from '../ledger/find-run.ts';
import { readRun } from '../ledger/read.ts';
import { renderRuns, runLine, type RunLine } from '../views/runs.ts';
import { print, printJson, textOptions } from './read.ts';
import { statusNow } from './run-status.ts';

/** All runs of the repository, the one written last first. */
export async function runs({ json }: { readonly json?: boolean }): Promise<ExitCode> {
  const repository = await openRepository(process.cwd());
  const lines: RunLine[] = [];
  for (const name of await listRuns(repository.git)) {
    const record = await readRun(repository.git, name);
    lines.push(runLine(statusNow(repository, record), record.opening.imported !== undefined));
  }
  if (json) printJson(lines);
  else print(renderRuns(lines, textOptions()));
  return 0;
}
