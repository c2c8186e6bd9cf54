import type { SessionRecord } from '../ledger/records.ts';
import type { CommandRecord } from '../ledger/review-records.ts';
import type { PendingDecision } from './queue.ts';

/** Who paused the session that works on a run; null where it goes on. */
export function pausedBy(sessions: readonly SessionRecord[]): CommandRecord | null {
  const last = sessions.findLast(({ kind }) => kind === 'command' || kind === 'opened' || kind === 'resumed' || kind === 'stopped');
  return last?.kind === 'command' && last.command === 'pause' ? last : null;
}

/** Will it be paused once what is queued is taken up? */
export function willBePaused(sessions: readonly SessionRecord[], pending: readonly PendingDecision[]): boolean {
  const last = pending.findLast(({ decision: { kind } }) => kind === 'pause' || kind === 'resume' || kind === 'stop');
  return last === undefined ? pausedBy(sessions) !== null : last.decision.kind === 'pause';
}
