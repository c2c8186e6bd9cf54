import { AutoresearchError } from '../../errors.ts';
import {
  deepFreeze,
  type CommittedExperiment,
  type Declined,
  type Proposal,
  type ProposedExperiment,
  type Reason,
  type Usage,
} from '../../experiment.ts';
import type { Proposed } from '../../hooks.ts';
import { isOut, isUnreachable } from './ask-agent.ts';
import { askAgents } from './ask-agents.ts';
import { briefOf } from './brief.ts';
import { redactAll } from '../../redact.ts';
import type { Engine } from '../engine.ts';
import { removeHints } from './hints.ts';
import type { Outcome } from '../decide/outcome.ts';
import { prepareScratch } from './scratch.ts';
import { basisOf } from '../decide/settle.ts';
import { addUsage, isEmptyUsage } from './usage.ts';

export interface NothingLeft {
  readonly nothingLeft: Reason;
}

type Facts = Omit<ProposedExperiment, 'state' | 'proposal'>;

/** The next experiment: the baseline while there is none, else what the agents propose. */
export async function propose(engine: Engine): Promise<ProposedExperiment | CommittedExperiment | Outcome | NothingLeft> {
  const { state, wal, chain, worktree } = engine;
  const id = state.nextId;
  const basis = basisOf(engine);
  const parent = basis.commit;
  const kind = state.incumbent === null ? 'baseline' : 'change';
  const facts: Facts = { v: 1, run: state.name, id, kind, basis, startedAt: new Date().toISOString(), parent };
  if (kind === 'baseline') return baseline(facts, engine.base);
  const brief = briefOf(engine, id, parent);
  prepareScratch(brief.scratchDir);
  engine.emit({ type: 'stage-changed', experiment: id, stage: 'propose', subject: 'change' });
  const proposed = await askAgents(engine, brief);
  if (proposed === undefined) return nothingProposed(engine, facts);
  const hints = brief.hintsTold();
  const experiment: ProposedExperiment = deepFreeze({
    ...facts,
    state: 'proposed',
    proposal: redactAll(
      {
        ...proposalOf(proposed, takeUsage(engine)),
        ...declinedOf(chain),
        ...(hints.length > 0 && { hints: hints.map(({ decision }) => decision.text) }),
      },
      engine.redact,
    ),
  });
  wal.write(experiment);
  removeHints(hints);
  for (const { id: hint, decision } of hints) engine.emit({ type: 'decision', id: hint, decision });
  const { result } = proposed;
  if (result.status === 'proposed') return experiment;
  const tampered = engine.seals.afterProposal();
  if (tampered) return { experiment, verdict: 'discard', reason: tampered };
  if ((await worktree.changes(parent)).length > 0) return experiment;
  const text = result.report.rationale || 'the agent had nothing to change';
  return { experiment, verdict: 'discard', reason: { code: result.code ?? 'NO_CHANGE', text } };
}

/** The usage of the agents since the last call: it must be recorded with the next settled experiment. */
export function takeUsage({ chain }: Pick<Engine, 'chain'>, before: Usage = {}): Usage {
  const usage = addUsage(before, chain.spent);
  chain.spent = {};
  return usage;
}

/** The usage of agents that failed is not part of the proposal's own usage; an agent with nothing left to try used nothing. */
function declinedOf({ declines }: Engine['chain']): Pick<Proposal, 'declined'> {
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

function baseline(facts: Facts, base: string): CommittedExperiment {
  const proposal: Proposal = {
    title: 'baseline',
    hypothesis: '',
    rationale: 'nothing is changed: this is what every experiment is compared with',
    risks: [],
    agent: 'engine',
    source: 'engine',
  };
  const nothing = { changes: [], diff: { files: 0, added: 0, removed: 0 }, trials: [], metrics: {}, score: null, judgements: [] };
  return deepFreeze({ ...facts, ...nothing, state: 'committed', proposal, candidate: base });
}

/**
 * No agent has a proposal. If none has anything left to try, the run ends. If one only failed this time, that costs an
 * experiment. If no agent can work at all, the run fails.
 */
function nothingProposed(engine: Engine, facts: Facts): NothingLeft | Outcome {
  const { declines } = engine.chain;
  const text = declines.map(({ agent, kind, message }) => `${agent}: ${kind === 'exhausted' ? '' : `${kind}: `}${message}`).join('; ');
  const failed = declines.filter((decline) => decline.kind !== 'exhausted' && !isOut(decline));
  if (failed.length === 0 && (declines.length === 0 || !declines.every(isOut)))
    return { nothingLeft: { code: 'NOTHING_LEFT', text: text || 'no agent had a proposal' } };
  if (failed.every(isUnreachable)) {
    throw new AutoresearchError('AGENT_FAILED', text, { hint: 'nothing is lost; when the cause is gone: autoresearch resume' });
  }
  const [{ agent } = { agent: 'engine' }] = failed;
  const usage = takeUsage(engine);
  const proposal: Proposal = {
    title: 'no proposal',
    hypothesis: '',
    rationale: '',
    risks: [],
    agent,
    source: 'derived',
    ...(!isEmptyUsage(usage) && { usage }),
    ...declinedOf(engine.chain),
  };
  return {
    experiment: deepFreeze({ ...facts, state: 'proposed', proposal }),
    verdict: 'discard',
    reason: { code: 'NO_PROPOSAL', text },
  };
}
