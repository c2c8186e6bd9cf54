import type { ExitCode } from '../errors.ts';
import type { RunDecision } from '../plugin.ts';
import type { SteerFlags } from '../program-steer.ts';
import { findReviewer } from '../review/reviewer.ts';
import { enqueueDecision, openPlace } from '../review/submit.ts';
import { createLog } from '../log.ts';
import { print } from './read.ts';

/** Asks the process that works on a run to work on nothing until `resume`. */
export function pause(run: string | undefined, flags: SteerFlags): Promise<ExitCode> {
  return ask('pause', run, flags, 'pauses once the experiment under way is settled; to go on: autoresearch resume');
}

/** Asks the process that works on a run to end the session. */
export function stop(run: string | undefined, flags: SteerFlags): Promise<ExitCode> {
  return ask('stop', run, flags, 'stops once the experiment under way is settled');
}

async function ask(kind: 'pause' | 'stop', run: string | undefined, flags: SteerFlags, then: string): Promise<ExitCode> {
  const place = { cwd: process.cwd(), run, warn: createLog({ debug: false }).warn };
  const { repository, record } = await openPlace(place);
  const by = await findReviewer(repository.git, flags.as);
  const decision: RunDecision = { kind, note: flags.note ?? '', by };
  await enqueueDecision({ ...place, run: record.run }, decision);
  print(`${record.run} ${then}${kind === 'pause' ? ` ${record.run}` : ''}`);
  return 0;
}
