import type { Json, SettledExperiment } from '../experiment.ts';
import type { RunRecord } from '../ledger/read.ts';
import type { Assembly } from '../engine/session/assemble.ts';
import { improvementGates } from '../engine/session/assemble.ts';
import { collectJudgements } from '../engine/decide/judgements.ts';
import type { RunState } from '../model/run-state.ts';
import { scoreInLoop } from '../engine/decide/loop-score.ts';
import { decide } from '../engine/decide/verdict.ts';
import { replay } from './replay.ts';

/** Runs every gate again over the record, in order, and reports each number or verdict that differs from the record. */
export async function recompute(
  { hooks, instances }: Assembly,
  state: RunState,
  record: RunRecord,
  experiments: AsyncIterable<SettledExperiment>,
): Promise<{ readonly problems: string[]; readonly checked: number }> {
  const problems: string[] = [];
  const gates = improvementGates(instances);
  let checked = 0;
  for await (const { experiment, scored, isJudged } of replay(state, record, experiments)) {
    if (scored === null) continue;
    checked++;
    const { id, verdict, judgements } = experiment;
    const score = await scoreInLoop(hooks, { ...scored, state: 'committed', score: null }, state);
    if (!same(score, scored.score)) problems.push(`#${id}: the score is ${show(scored.score)}, recomputed ${show(score)}`);
    if (!isJudged || judgements.length === 0) continue;
    const collected = collectJudgements(scored.score);
    await hooks.judge.promise(scored, state.view, collected);
    for (const [index, judgement] of judgements.entries()) {
      const found = collected.list[index];
      if (!same(judgement, found)) problems.push(`#${id}: ${judgement.gate} wrote ${show(judgement)}, recomputed ${show(found)}`);
    }
    const decision = decide(collected.list, gates);
    if (decision === 'more' || decision.verdict !== verdict)
      problems.push(`#${id}: the verdict is ${verdict}, recomputed ${decision === 'more' ? 'more trials' : decision.verdict}`);
  }
  return { problems, checked };
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
