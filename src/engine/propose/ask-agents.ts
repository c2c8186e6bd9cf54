import { setTimeout as sleep } from 'node:timers/promises';
import type { Proposed } from '../../hooks.ts';
import type { Brief } from '../../plugin.ts';
import type { Run } from '../engine.ts';
import type { Asking, Decline } from './agent-chain.ts';
import { isOut } from './ask-agent.ts';
import { MOST_RESTS } from './rest.ts';

/**
 * Asks the agents of the config in their order. If none has a proposal and some are resting because their services are
 * unavailable, waits for the first of these: that costs time, but no experiment.
 * @returns undefined if none has a proposal; the declines of `asking` say why
 */
export async function askAgents({ hooks, emit, signal }: Pick<Run, 'hooks' | 'emit' | 'signal'>, brief: Brief, asking: Asking) {
  const end = endOf(brief);
  for (;;) {
    asking.declines = [];
    const proposed: Proposed | undefined = await hooks.propose.promise(brief);
    signal.throwIfAborted();
    const wake = proposed === undefined ? wakeOf(asking.declines) : null;
    if (wake === null || wake > end) return proposed;
    emit({ type: 'stage-changed', experiment: brief.id, stage: 'wait', subject: 'change' });
    await sleep(Math.max(0, wake - performance.now()), undefined, { signal });
  }
}

/** When the first one that rests may be asked again; null where waiting is of no use. */
function wakeOf(declines: readonly Decline[]): number | null {
  const failed = declines.filter((decline) => decline.kind !== 'exhausted' && !isOut(decline));
  if (!failed.every(({ rest }) => rest !== undefined)) return null;
  const wakes = failed.flatMap(({ rest }) => (rest !== undefined && rest.times <= MOST_RESTS ? [rest.until] : []));
  return wakes.length === 0 ? null : Math.min(...wakes);
}

/** When the run's time is used up. */
function endOf({ run }: Brief): number {
  return run.budget.seconds === undefined ? Infinity : performance.now() + Math.max(0, run.budget.seconds - run.seconds) * 1000;
}
