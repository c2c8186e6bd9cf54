import { resolve } from 'node:path';
import type { ExitCode } from '../errors.ts';
import { runDirOf } from '../engine/session/lock-run.ts';
import type { ReadFlags } from './read.ts';
import { writeReport } from '../report.ts';
import { openRun, print, printJson } from './read.ts';
import { statusNow } from './run-status.ts';

export async function report(run: string | undefined, flags: ReadFlags): Promise<ExitCode> {
  const { repository, record } = await openRun(run);
  const out = flags.out === undefined ? undefined : resolve(flags.out);
  const file = await writeReport(repository, record, out ?? `${runDirOf(repository, record.run)}/report.html`);
  if (flags.json) printJson({ file, ...statusNow(repository, record) });
  else print(file);
  return 0;
}
