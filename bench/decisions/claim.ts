import type { Judgement, RunView, ScoredExperiment } from '../../src/plugin.ts';
import type { NamedGate } from './policies.ts';

/** The gain a run reports: an audit's finding where there is one, else how far its own number has come from the baseline's. */
export function claimOf(run: RunView, gates: readonly NamedGate[]): number {
  const { audits, baseline, incumbent } = run;
  if (gates.some(({ gate }) => gate.audit)) {
    const last = audits.at(-1);
    return last === undefined || last.rolledBack ? 0 : -last.claim.value;
  }
  if (!baseline?.score || !incumbent?.score) return NaN;
  return baseline.score.value - (referenceOf(run, incumbent, gates) ?? incumbent.score.value);
}

/** The number the improvement gate would compare the next candidate with, from the record of a judgement. */
function referenceOf(run: RunView, incumbent: NonNullable<RunView['incumbent']>, gates: readonly NamedGate[]): number | undefined {
  const { score } = incumbent;
  const gate = gates.find(({ gate: { improvement } }) => improvement === true)?.gate;
  if (gate?.judge === undefined || score === null) return undefined;
  const { v, run: name, id, kind, basis, startedAt, proposal, changes, diff, trials, metrics, judgements } = incumbent;
  const candidate = incumbent.candidate ?? '';
  const next: ScoredExperiment = {
    v,
    run: name,
    id,
    kind,
    basis,
    startedAt,
    parent: candidate,
    proposal,
    candidate,
    changes,
    diff,
    trials,
    metrics,
    judgements,
    state: 'scored',
    score,
  };
  const result = gate.judge(next, run);
  if (result instanceof Promise) return undefined;
  const evidence: Judgement['evidence'] = result.evidence;
  const reference = evidence?.['reference'];
  return typeof reference === 'number' ? reference : undefined;
}
