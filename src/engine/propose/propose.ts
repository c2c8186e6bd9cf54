import { AutoresearchError } from '../../errors.ts';
import type { Declined, Proposal, ProposedExperiment, Reason, Usage } from '../../experiment.ts';
import type { Proposed } from '../../hooks.ts';
import { proposed as proposedRecord, type Started } from '../../model/experiment-states.ts';
import type { Run } from '../engine.ts';
import type { Outcome } from '../decide/outcome.ts';
import { basisOf } from '../decide/settle.ts';
import { redactAll } from '../../redact.ts';
import { RANK } from '../slots/pool.ts';
import type { Seat } from '../slots/seat.ts';
import { takeUsage, type Asking } from './agent-chain.ts';
import { isOut, isUnreachable } from './ask-agent.ts';
import { askAgents } from './ask-agents.ts';
import { briefOf } from './brief.ts';
import { prepareScratch } from './scratch.ts';
import { isEmptyUsage } from './usage.ts';

export interface NothingLeft {
  readonly nothingLeft: Reason;
}

/** The next experiment as the agents propose it, on the incumbent of the moment in which they are asked. */
export async function propose(run: Run, seat: Seat, id: number): Promise<ProposedExperiment | Outcome | NothingLeft> {
  const { state, wal, chain, hints } = run;
  const desk = await seat.toDesk({ isAhead: run.plan().lookahead > 0, rank: RANK.propose });
  const basis = basisOf(run);
  const parent = basis.commit;
  const startedAt = new Date().toISOString();
  const facts: Started = { run: state.name, id, kind: 'change', basis, startedAt };
  run.flight.began(id, basis);
  await desk.ready(parent);
  const brief = briefOf(run, desk, id, parent);
  prepareScratch(desk.scratchDir);
  run.emit({ type: 'stage-changed', experiment: id, stage: 'propose', subject: 'change' });
  const asking = chain.open(brief, {
    most: run.flight.mostOf(id),
    startOver: () => desk.startOver(() => desk.restore(parent)),
    spends: (usd) => run.flight.noteSpent(id, usd),
  });
  const began = performance.now();
  const proposed = await desk.work(() => run.quiet.beside(() => askAgents(run, brief, asking)));
  const told = brief.hintsTold();
  if (proposed?.result.status !== 'proposed') desk.seals.end();
  if (proposed === undefined) {
    hints.putBack(told);
    const nothing = nothingProposed(facts, asking);
    // No record of an experiment will say it.
    if ('nothingLeft' in nothing) state.spend(asking.spent.usd ?? 0);
    chain.close(brief);
    return nothing;
  }
  const seconds = Math.round(performance.now() - began) / 1000;
  const proposal: Proposal = {
    ...proposalOf(proposed, takeUsage(asking)),
    seconds,
    ...declinedOf(asking),
    ...(told.length > 0 && { hints: told.map(({ decision }) => decision.text) }),
  };
  const experiment = proposedRecord(facts, redactAll(proposal, run.redact));
  wal.write(experiment, desk.name);
  chain.close(brief);
  hints.remove(told);
  run.flight.noteProposal(id, experiment.proposal);
  for (const { id: hint, decision } of told) run.emit({ type: 'decision', id: hint, decision });
  const { result } = proposed;
  if (result.status === 'proposed') return experiment;
  const tampered = desk.seals.afterProposal();
  if (tampered) return { experiment, verdict: 'discard', reason: tampered };
  if ((await desk.worktree.changes(parent)).length > 0) return experiment;
  const text = result.report.rationale || 'the agent had nothing to change';
  return { experiment, verdict: 'discard', reason: { code: result.code ?? 'NO_CHANGE', text } };
}

/** The usage of agents that failed is not part of the proposal's own usage; an agent with nothing left to try used nothing. */
function declinedOf({ declines }: Pick<Asking, 'declines'>): Pick<Proposal, 'declined'> {
  const declined = declines.flatMap(({ agent, kind, took }): Declined[] => {
    if (took === undefined || (kind === 'exhausted' && isEmptyUsage(took.usage))) return [];
    return [{ agent, kind, seconds: Math.round(took.seconds * 1000) / 1000, ...(!isEmptyUsage(took.usage) && { usage: took.usage }) }];
  });
  return declined.length === 0 ? {} : { declined };
}

function proposalOf({ agent, result: { report } }: Proposed, usage: Usage): Proposal {
  return {
    title: report.title,
    hypothesis: report.hypothesis ?? '',
    rationale: report.rationale ?? '',
    risks: report.risks ?? [],
    agent,
    source: report.source,
    ...(report.params && { params: report.params }),
    ...(report.expected && { expected: report.expected }),
    ...(report.model !== undefined && { model: report.model }),
    ...(!isEmptyUsage(usage) && { usage }),
  };
}

/**
 * No agent has a proposal. If none has anything left to try, the run ends. If one only failed this time, that costs an
 * experiment. If no agent can work at all, the run fails.
 */
function nothingProposed(facts: Started, asking: Asking): NothingLeft | Outcome {
  const { declines } = asking;
  const text = declines.map(({ agent, kind, message }) => `${agent}: ${kind === 'exhausted' ? '' : `${kind}: `}${message}`).join('; ');
  const failed = declines.filter((decline) => decline.kind !== 'exhausted' && !isOut(decline));
  if (failed.length === 0 && (declines.length === 0 || !declines.every(isOut)))
    return { nothingLeft: { code: 'NOTHING_LEFT', text: text || 'no agent had a proposal' } };
  if (failed.every(isUnreachable)) {
    throw new AutoresearchError('AGENT_FAILED', text, { hint: 'nothing is lost; when the cause is gone: autoresearch resume' });
  }
  const [{ agent } = { agent: 'engine' }] = failed;
  const usage = takeUsage(asking);
  const proposal: Proposal = {
    title: 'no proposal',
    hypothesis: '',
    rationale: '',
    risks: [],
    agent,
    source: 'derived',
    ...(!isEmptyUsage(usage) && { usage }),
    ...declinedOf(asking),
  };
  return {
    experiment: proposedRecord(facts, proposal),
    verdict: 'discard',
    reason: { code: 'NO_PROPOSAL', text },
  };
}
