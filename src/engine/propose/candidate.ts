import type { Change, CommittedExperiment, ProposedExperiment } from '../../experiment.ts';
import type { RunView, Summary } from '../../plugin.ts';
import { candidateMessage } from '../../ledger/message.ts';
import { committed } from '../../model/experiment-states.ts';
import type { Run } from '../engine.ts';
import type { Desk } from '../slots/desk.ts';
import { asThere } from './as-there.ts';
import { titleByDiff } from './title-by-diff.ts';
import { crashOf, type Outcome } from '../decide/outcome.ts';

/** Makes a commit of whatever the agent changed. */
export async function commitCandidate(run: Run, desk: Desk, proposed: ProposedExperiment): Promise<CommittedExperiment | Outcome> {
  const { wal, state } = run;
  const { worktree, seals } = desk;
  const tampered = seals.afterProposal();
  if (tampered) return discard(proposed, tampered.code, tampered.text);
  const changes = await worktree.changes(proposed.parent);
  if (changes.length === 0) return discard(proposed, 'NO_CHANGE', proposed.proposal.rationale || 'the agent changed nothing');
  const title = proposed.proposal.title || titleByDiff(changes, await worktree.diffOf(proposed.parent, changes));
  const experiment = { ...proposed, proposal: { ...proposed.proposal, title } };
  const key = worktree.keyOf(changes, proposed.parent);
  const twin = state.measured.get(key);
  if (twin) return { experiment, verdict: 'discard', reason: { code: 'DUPLICATE', text: sameAs(twin, state.view) } };
  const pending = run.flight.twinOf(proposed.id, key);
  if (pending !== undefined) return discard(experiment, 'DUPLICATE', `the same change on the same parent is being measured as #${pending}`);
  // What another node has found is measured by every node for itself.
  const { others } = run;
  const elsewhere = proposed.origin === undefined && others ? ((await others.twin(key)) ?? (await others.reserve({ key, title }))) : null;
  if (elsewhere) return discard(experiment, 'DUPLICATE', elsewhere);
  const made = await worktree.commit(changes, candidateMessage(experiment));
  if (made === null) return discard(experiment, 'NOT_COMMITTED', `git cannot hold this change: ${pathsOf(changes)}`);
  const { candidate, facts } = await asThere(worktree, experiment, made);
  desk.holds = made;
  const waiting = committed(facts, { candidate, changes, key, diff: null });
  wal.write(waiting, desk.name);
  return waiting;
}

/** Lets gates look at the diff before anything is trained; null when none objects. */
export async function screenCandidate(run: Run, experiment: CommittedExperiment, slot: string): Promise<Outcome | null> {
  const { hooks, state, signal, emit } = run;
  if (hooks.screen.isUsed()) emit({ type: 'stage-changed', experiment: experiment.id, slot, stage: 'screen', subject: 'change' });
  try {
    const judgement = await hooks.screen.promise(experiment, state.view);
    if (judgement === undefined) return null;
    const verdict = judgement.outcome === 'review' ? 'review' : 'discard';
    return { experiment, verdict, reason: { code: judgement.code, text: judgement.reason }, judgements: [judgement] };
  } catch (error) {
    signal.throwIfAborted();
    return { experiment, verdict: 'crash', reason: crashOf(error) };
  }
}

/** Tells the agent the result of the same change before, instead of measuring it again. */
function sameAs({ id, verdict, score }: Summary, { objective }: RunView): string {
  return `the same change on the same parent was #${id}: ${verdict}${score === null ? '' : `, ${objective.label} ${score}`}`;
}

function discard(experiment: ProposedExperiment, code: string, text: string): Outcome {
  return { experiment, verdict: 'discard', reason: { code, text } };
}

function pathsOf(changes: readonly Change[]): string {
  const shown = changes.slice(0, 3).map((change) => change.path);
  return shown.join(', ') + (changes.length > 3 ? ` and ${changes.length - 3} more` : '');
}
