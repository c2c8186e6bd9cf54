import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseDecision } from '../decisions/parse.ts';
import { putDecision, type PendingDecision } from '../decisions/queue.ts';
import { reviewRecord } from '../decisions/record.ts';
import { recordWaiting } from '../decisions/stopped.ts';
import { AutoresearchError } from '../errors.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import { lockHolder } from '../ledger/lock.ts';
import { findRun } from '../ledger/find-run.ts';
import { readRun, type RunRecord } from '../ledger/read.ts';
import type { SessionRecord } from '../ledger/records.ts';
import type { ReviewRecord } from '../ledger/review-records.ts';
import type { RunDecision } from '../plugin.ts';
import { withStoppedRun, type RunPlace } from './stopped-run.ts';

/** What became of a decision: it is in the ledger, or waits for the process that works on the run. */
export type Submitted = { readonly state: 'recorded'; readonly record: ReviewRecord } | ({ readonly state: 'queued' } & PendingDecision);

interface Opened {
  readonly repository: Repository;
  readonly record: RunRecord;
  readonly runDir: string;
}

/** Makes one decision about a run. @throws AutoresearchError where it cannot be carried out: nothing was recorded then */
export async function enqueueDecision(place: RunPlace, decision: RunDecision): Promise<Submitted> {
  const [done] = await enqueueDecisions(place, [decision]);
  if (done === undefined) throw new Error('a decision came to nothing');
  return done;
}

/**
 * Makes decisions about a run. Reviews go into the ledger at once where no process works on it; else they wait until it has
 * settled the experiment under way, as everything else does. All are checked before the first one is made.
 */
export async function enqueueDecisions(place: RunPlace, decisions: readonly RunDecision[]): Promise<Submitted[]> {
  const opened = await openPlace(place);
  const at = new Date().toISOString();
  for (const decision of decisions) check(opened, decision, at);
  const reviews = decisions.filter((decision) => decision.kind === 'review');
  const isHeld = lockHolder(join(opened.runDir, 'lock')) !== null;
  if (isHeld || reviews.length < decisions.length) return queue(opened, decisions, place);
  try {
    return await withStoppedRun({ ...place, run: opened.record.run }, randomUUID(), async ({ record, ledger }) => {
      const records = reviews.map((decision) => reviewRecord(decision, { run: record.run, rows: record.summaries, at }));
      for (const one of records) await ledger.append(one);
      return records.map((one) => ({ state: 'recorded', record: one }) as const);
    });
  } catch (error) {
    // A process has begun in the meantime: it takes them up.
    if (error instanceof AutoresearchError && error.code === 'RUN_LOCKED') return queue(opened, decisions, place);
    throw error;
  }
}

/** Is a session at work, and not only a command that holds the lock for a while? */
export function isWorkedOn({ runDir, sessions }: { readonly runDir: string; readonly sessions: readonly SessionRecord[] }): boolean {
  const last = sessions.findLast(({ kind }) => kind === 'opened' || kind === 'resumed' || kind === 'stopped');
  return last?.kind !== 'stopped' && lockHolder(join(runDir, 'lock')) !== null;
}

/** The folder of a run's own files, for the project that it belongs to. */
export async function openPlace({ cwd, run: name }: RunPlace): Promise<Opened> {
  const here = await openRepository(cwd);
  const record = await readRun(here.git, await findRun(here.git, name));
  const repository = await openRepository(join(here.top, record.opening.projectPrefix));
  return { repository, record, runDir: join(repository.stateDir, record.run) };
}

function check({ record: { run, summaries, sessions }, runDir }: Opened, decision: RunDecision, at: string): void {
  if (decision.kind === 'review') reviewRecord(decision, { run, rows: summaries, at });
  const parsed = parseDecision(decision);
  if (typeof parsed === 'string') throw new AutoresearchError('USAGE', `this cannot be decided: ${parsed}`);
  if (!existsSync(runDir)) {
    if (decision.kind === 'review') return;
    throw new AutoresearchError('RUN_NOT_FOUND', `the files of ${run} are not in this copy of the repository`, {
      hint: `go on with it here first: autoresearch resume ${run}`,
    });
  }
  const isCommand = decision.kind !== 'review' && decision.kind !== 'steer';
  if (isCommand && !isWorkedOn({ runDir, sessions })) throw notRunning(run, decision.kind);
}

function notRunning(run: string, what: string): AutoresearchError {
  const todo = { pause: 'paused', stop: 'stopped', resume: 'let go on' }[what] ?? what;
  return new AutoresearchError('RUN_NOT_RUNNING', `no process works on ${run}, so it cannot be ${todo}`, {
    hint: `go on with it: autoresearch resume ${run}`,
  });
}

async function queue({ repository, record, runDir }: Opened, decisions: readonly RunDecision[], place: RunPlace): Promise<Submitted[]> {
  const queued = decisions.map((decision) => ({ state: 'queued', ...putDecision(runDir, decision) }) as const);
  // Its process may have ended just now, without a look at them.
  if (lockHolder(join(runDir, 'lock')) === null) await recordWaiting(repository.git, record.run, runDir, place.warn ?? (() => {}));
  return queued;
}
