import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { queueHint, waitingHints } from '../engine/propose/hints.ts';
import { runDirOf } from '../engine/session/lock-run.ts';
import { AutoresearchError, type ExitCode } from '../errors.ts';
import { openRepository } from '../git/repository.ts';
import type { ReadFlags } from '../program.ts';
import { openRun, print } from './read.ts';

/** Queues a hint for the next proposal of a run, whether it is running or not. */
export async function steer(text: string, flags: ReadFlags): Promise<ExitCode> {
  if (text.trim() === '') throw new AutoresearchError('USAGE', 'the hint is empty', { hint: 'autoresearch steer "try a smaller batch"' });
  const { repository, record } = await openRun(flags.run);
  const runDir = runDirOf(await openRepository(join(repository.top, record.opening.projectPrefix)), record.run);
  if (!existsSync(runDir)) {
    throw new AutoresearchError('RUN_NOT_FOUND', `the files of ${record.run} are not in this copy of the repository`, {
      hint: `go on with it here first: autoresearch resume ${record.run}`,
    });
  }
  queueHint(runDir, text);
  const count = waitingHints(runDir).length;
  print(
    `${count === 1 ? 'the hint waits' : `${count} hints wait`} for the next proposal of ${record.run} by an agent that is sent a prompt`,
  );
  return 0;
}
