import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AutoresearchError, type ExitCode } from '../errors.ts';
import { makeFolders } from '../folders.ts';
import { openRepository } from '../git/repository.ts';
import type { PromoteFlags } from '../program-review.ts';
import { promote as promoteRun } from '../review/promote.ts';
import { preparePublishing } from '../review/publish.ts';
import { pullRequestText } from '../review/pull-request.ts';
import { findReviewer } from '../review/reviewer.ts';
import { catchSignals } from '../signals.ts';
import { createSteps } from '../steps.ts';
import { plural, shortCommit } from '../views/format.ts';
import { print, printJson } from './read.ts';

const TRIALS = 3;

/** Exits with 1 if an approved change is not on the branch, or if the audit fails. */
export async function promote(run: string | undefined, flags: PromoteFlags): Promise<ExitCode> {
  const { branch } = flags;
  if (branch === undefined) throw new AutoresearchError('USAGE', 'the branch has no name', { hint: '--branch better-model' });
  const isPushed = flags.push !== undefined || flags.pullRequest === true;
  const remote = typeof flags.push === 'string' ? flags.push : undefined;
  const publisher = isPushed ? await preparePublishing({ dir: process.cwd(), remote, isPullRequest: flags.pullRequest === true }) : null;
  const by = await findReviewer((await openRepository(process.cwd())).git, flags.as);
  const { log, run: step, progress } = createSteps();
  using signals = catchSignals(log);
  const trials = flags.audit === false ? 0 : (flags.trials ?? TRIALS);
  const found = await step(trials === 0 ? 'build the branch' : 'build and audit the branch', () =>
    promoteRun({
      cwd: process.cwd(),
      run,
      branch,
      onto: flags.onto,
      trials,
      by,
      log,
      signal: signals.signal,
      onAssembled: ({ processes }) => signals.onSecond(() => processes.killAll()),
      onTrial: (done) => log.info(`audit: ${plural(done, 'trial')} done`),
    }),
  );
  const { promotion, approved } = found;
  const conflicts = promotion.leftOut.filter(({ why }) => why === 'conflict');
  log.info(
    `${branch} is at ${shortCommit(promotion.commit)}: ${plural(promotion.changes.length, 'change')} on ${shortCommit(promotion.onto)}`,
  );
  for (const { text } of promotion.leftOut) log.warn(`left out: ${text}`);
  if (promotion.audit) log.info(promotion.audit.text);
  const text = pullRequestText(found.run, promotion, approved);
  if (flags.out !== undefined) {
    makeFolders(dirname(resolve(flags.out)));
    writeFileSync(resolve(flags.out), text);
  }
  if (flags.json) printJson(promotion);
  else if (flags.out === undefined) print(text);
  if (publisher === null) log.info('nothing was pushed');
  else await publisher.publish(found, text, { log, step, progress, signal: signals.signal });
  const { audit } = promotion;
  return conflicts.length > 0 || (audit && (audit.shown === 'loss' || audit.failures.length > 0)) ? 1 : 0;
}
