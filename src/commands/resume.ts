import { willBePaused } from '../decisions/paused.ts';
import { pendingDecisions } from '../decisions/queue.ts';
import { parseDuration } from '../duration.ts';
import { resumeRun } from '../engine/session/run.ts';
import type { ExitCode } from '../errors.ts';
import type { Log } from '../plugin.ts';
import type { RunFlags } from './run.ts';
import { findReviewer } from '../review/reviewer.ts';
import { enqueueDecision, isWorkedOn, openPlace } from '../review/submit.ts';
import { catchSignals, KEPT } from '../signals.ts';
import { createSteps } from '../steps.ts';
import { print } from './read.ts';
import { RunPage } from './run-page.ts';
import { budgetFlags, conclude, joinOthers } from './run.ts';

export async function resume(run: string | undefined, flags: RunFlags): Promise<ExitCode> {
  if (flags.time !== undefined) parseDuration(flags.time);
  const { log, run: step } = createSteps({ debug: flags.debug === true });
  if (await letGoOn(run, log)) return 0;
  using signals = catchSignals(log, KEPT);
  await using page = new RunPage(log, flags);
  const result = await resumeRun({
    cwd: process.cwd(),
    name: run,
    budget: budgetFlags(flags),
    log,
    step,
    signal: signals.signal,
    onAssembled: ({ processes }) => signals.onSecond(() => processes.killAll()),
    join: joinOthers,
    ...(flags.ui && { onOpened: page.open }),
  });
  return conclude(result, log);
}

/** A paused run still has a process, which goes on with it. */
async function letGoOn(run: string | undefined, { warn }: Log): Promise<boolean> {
  const { repository, record, runDir } = await openPlace({ cwd: process.cwd(), run });
  const { sessions } = record;
  if (!isWorkedOn({ runDir, sessions }) || !willBePaused(sessions, pendingDecisions(runDir))) return false;
  const by = await findReviewer(repository.git, undefined);
  await enqueueDecision({ cwd: process.cwd(), run: record.run, warn }, { kind: 'resume', by });
  print(`${record.run} goes on: it was paused, and a process works on it`);
  return true;
}
