import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { AutoresearchError } from '../errors.ts';
import type { Git } from '../git/git.ts';
import { holdRun } from '../ledger/hold.ts';
import { Ledger } from '../ledger/ledger.ts';
import { readRun, type RunRecord } from '../ledger/read.ts';
import { readQueue } from './queue.ts';
import { takenIn, takeUpDecisions } from './take-up.ts';

type Warn = (message: string) => void;

/** The ledger of a run whose lock is held, with the decisions in it that a process left in the queue. */
export async function openStoppedLedger(git: Git, run: string, runDir: string, warn: Warn): Promise<{ record: RunRecord; ledger: Ledger }> {
  const record = await readRun(git, run);
  const ledger = new Ledger(git, run, record.opening.objective, record.tip);
  const input = { run, runDir, ledger, rows: () => record.summaries, taken: takenIn(record.sessions), emit: () => {}, warn };
  const written = await takeUpDecisions(input, () => ({ code: 'RUN_NOT_RUNNING', text: 'no process works on the run any more' }));
  return { record: written > 0 ? await readRun(git, run) : record, ledger };
}

/**
 * Records what waits in the queue of a run that no process works on. Where one has begun in the meantime, it does that.
 * To be called after a lock was given back: somebody may have queued a decision because of that lock.
 */
export async function recordWaiting(git: Git, run: string, runDir: string, warn: Warn): Promise<void> {
  if (!readQueue(runDir).some((entry) => 'problem' in entry || entry.decision.kind !== 'steer')) return;
  try {
    const lock = await holdRun(join(runDir, 'lock'), randomUUID());
    try {
      await openStoppedLedger(git, run, runDir, warn);
    } finally {
      lock.release();
    }
  } catch (error) {
    if (!(error instanceof AutoresearchError) || error.code !== 'RUN_LOCKED') throw error;
  }
}
