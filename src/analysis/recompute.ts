import { deepFreeze, type Json, type ScoredExperiment, type SettledExperiment } from '../experiment.ts';
import type { RunRecord } from '../ledger/read.ts';
import type { Assembly } from '../engine/session/assemble.ts';
import { improvementGates } from '../engine/session/assemble.ts';
import { collectJudgements } from '../engine/decide/judgements.ts';
import type { RunState } from '../model/run-state.ts';
import { scoreInLoop } from '../engine/decide/loop-score.ts';
import { decide } from '../engine/decide/verdict.ts';

/** Runs every gate again over the record, in order, and reports each number or verdict that differs from the record. */
export async function recompute(
  { hooks, instances }: Assembly,
  state: RunState,
  record: RunRecord,
  experiments: AsyncIterable<SettledExperiment>,
): Promise<{ readonly problems: string[]; readonly checked: number }> {
  const problems: string[] = [];
  const gates = improvementGates(instances);
  const audits = record.sessions.filter((session) => session.kind === 'audit');
  let checked = 0;
  for await (const experiment of experiments) {
    const { id, score, verdict, judgements } = experiment;
    const scored = scoredOf(experiment);
    if (scored && score) {
      checked++;
      const again = await scoreInLoop(hooks, { ...scored, state: 'committed', score: null }, state);
      if (!same(again, score)) problems.push(`#${id}: the score is ${show(score)}, recomputed ${show(again)}`);
      // Not the baseline or a control.
      if (state.incumbent !== null && judgements.length > 0) {
        const collected = collectJudgements(score);
        await hooks.judge.promise(scored, state.view, collected);
        const found = collected.list;
        for (const [index, judgement] of judgements.entries()) {
          if (!same(judgement, found[index]))
            problems.push(`#${id}: ${judgement.gate} wrote ${show(judgement)}, recomputed ${show(found[index])}`);
        }
        const decision = decide(found, gates);
        if (decision === 'more' || decision.verdict !== verdict)
          problems.push(`#${id}: the verdict is ${verdict}, recomputed ${decision === 'more' ? 'more trials' : decision.verdict}`);
      }
    }
    state.settle(experiment);
    for (const { after, audit } of audits) if (after === id) state.settleAudit(audit);
  }
  return { problems, checked };
}

/** A settled experiment as the gates saw it; null if it had no score. */
export function scoredOf(experiment: SettledExperiment): ScoredExperiment | null {
  const { candidate, score, verdict: _v, reason: _r, delta: _d, incumbent: _i, settledAt: _a, seconds: _s, ...rest } = experiment;
  return candidate === null || score === null ? null : deepFreeze({ ...rest, candidate, score, judgements: [], state: 'scored' });
}

/** Equal as JSON, with numbers equal to a part in a billion: another machine may round the last digit differently. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return a === b;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => same((a as Record<string, Json>)[key], (b as Record<string, Json>)[key]));
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 200);
}
