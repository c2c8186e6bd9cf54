import type { GateResult, Trial } from '../../../src/plugin.ts';
import { failsMostly } from '../../../src/stats.ts';
import { itemsOf, list } from './pairs.ts';

export interface NewFailuresOptions {
  readonly metric: string;
  readonly group: string | undefined;
  readonly failsWhen: number;
  readonly flakeRetries: number;
  /** The only items that count; null for all of the anchor's. */
  readonly critical: readonly string[] | null;
}

/** Has an item failed that did not fail at the anchor? If so, further trials tell a real failure from a flaky one. */
export function judgeNewFailures(candidate: readonly Trial[], anchor: readonly Trial[], options: NewFailuresOptions): GateResult {
  const { metric, critical, flakeRetries } = options;
  const before = attemptsOf(anchor, options);
  const now = attemptsOf(candidate, options);
  const ids = critical ?? [...before.keys()];
  const evidence = { items: ids.length, flakeRetries };
  const noItems = (reason: string): GateResult => ({ outcome: 'fail', code: 'GUARD_NO_ITEMS', reason, evidence });
  if (before.size === 0) return noItems(`the anchor has no items of ${metric}`);
  const trials = candidate.filter((trial) => trial.state === 'measured').length;
  const missing = ids.filter((id) => !before.has(id) || (now.get(id)?.length ?? 0) < trials);
  if (missing.length > 0) return noItems(`${missing.length} of ${ids.length} items of ${metric} were not measured: ${list(missing)}`);
  const failing = ids.flatMap((id) => {
    const attempts = now.get(id) ?? [];
    return attempts.includes(false) && !failsMostly(before.get(id) ?? []) ? [{ id, attempts }] : [];
  });
  const standing = failing.map(({ id, attempts }) => ({ id, now: standingOf(attempts, Math.max(flakeRetries + 1, attempts.length)) }));
  const failed = standing.filter((item) => item.now === 'failed').map(({ id }) => id);
  const open = standing.filter((item) => item.now === 'open').map(({ id }) => id);
  const facts = {
    ...evidence,
    failing: failing.slice(0, 20).map(({ id, attempts }) => ({ id, attempts: [...attempts] })),
    newlyFailing: failing.length,
  };
  if (failed.length > 0) {
    return {
      outcome: 'fail',
      code: 'GUARDRAIL',
      reason: `${failed.length} of ${ids.length} items of ${metric} newly fail: ${list(failed)}`,
      evidence: facts,
    };
  }
  if (open.length > 0)
    return {
      outcome: 'more',
      code: 'FLAKY',
      reason: `${open.length} items of ${metric} failed once and get another trial: ${list(open)}`,
      evidence: facts,
    };
  const flaky = failing.length > 0 ? `; ${failing.length} failed only now and then` : '';
  return {
    outcome: 'pass',
    code: 'NO_NEW_FAILURES',
    reason: `none of ${ids.length} items of ${metric} newly fails${flaky}`,
    evidence: facts,
  };
}

/** By item, for each trial: was it right? */
function attemptsOf(trials: readonly Trial[], options: NewFailuresOptions): Map<string, boolean[]> {
  const attempts = new Map<string, boolean[]>();
  for (const { id, value } of itemsOf(trials, options).flat()) {
    const list = attempts.get(id) ?? [];
    attempts.set(id, list);
    list.push(value !== options.failsWhen);
  }
  return attempts;
}

/** Can further trials, up to `most` in all, still change the result? */
function standingOf(attempts: readonly boolean[], most: number): 'failed' | 'fine' | 'open' {
  const left = Math.max(0, most - attempts.length);
  const rest = (right: boolean) => Array.from({ length: left }, () => right);
  if (failsMostly([...attempts, ...rest(true)])) return 'failed';
  return failsMostly([...attempts, ...rest(false)]) ? 'open' : 'fine';
}
