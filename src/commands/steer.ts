import { AutoresearchError, type ExitCode } from '../errors.ts';
import { waitingHints } from '../engine/propose/hints.ts';
import type { SteerFlags } from '../program-steer.ts';
import { hintGiver } from '../review/reviewer.ts';
import { enqueueDecision, openPlace } from '../review/submit.ts';
import { print } from './read.ts';

/** Queues a hint for the next proposal, also while the run goes on. */
export async function steer(text: string, flags: SteerFlags): Promise<ExitCode> {
  if (text.trim() === '') throw new AutoresearchError('USAGE', 'the hint is empty', { hint: 'autoresearch steer "try a smaller batch"' });
  const { repository, record, runDir } = await openPlace({ cwd: process.cwd(), run: flags.run });
  const by = await hintGiver(repository.git, flags.as);
  await enqueueDecision({ cwd: process.cwd(), run: record.run }, { kind: 'steer', text, by });
  const count = waitingHints(runDir).length;
  print(
    `${count === 1 ? 'the hint waits' : `${count} hints wait`} for the next proposal of ${record.run} by an agent that is sent a prompt`,
  );
  return 0;
}
