import { resolve } from 'node:path';
import type { ExitCode } from '../errors.ts';
import { runDirOf } from '../engine/lock-run.ts';
import type { ReadFlags } from '../program.ts';
import { writeReport } from '../report.ts';
import { openRun, print } from './read.ts';

export async function report(run: string | undefined, flags: ReadFlags): Promise<ExitCode> {
  const { repository, record } = await openRun(run);
  const file = flags.out === undefined ? undefined : resolve(flags.out);
  print(await writeReport(repository, record, file ?? `${runDirOf(repository, record.run)}/report.html`));
  return 0;
}
