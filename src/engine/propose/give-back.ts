import type { Proposal, ProposedExperiment, Reason } from '../../experiment.ts';
import type { Fix, Report } from '../../plugin.ts';
import type { Run } from '../engine.ts';
import { leftBeside, reserve } from '../decide/reserve.ts';
import type { Desk } from '../slots/desk.ts';
import { takeUsage } from './agent-chain.ts';
import { askAgents } from './ask-agents.ts';
import { briefOf } from './brief.ts';
import { prepareScratch } from './scratch.ts';
import { isEmptyUsage } from './usage.ts';

interface GivenBack {
  readonly desk: Desk;
  readonly fix: Fix;
  /** Makes the worktree what the agent is to start from. */
  readonly prepare: () => Promise<void>;
}

interface Answer {
  /** With what has been used since. */
  readonly proposal: Proposal;
  readonly tampered: Reason | null;
  /** Null where the agent may not, cannot or does not want to do anything about it. */
  readonly report: Report | null;
}

/** Gives a change back to the agent that has proposed it. Its edits are then in the worktree. */
export async function giveBack(run: Run, experiment: ProposedExperiment, { desk, fix, prepare }: GivenBack): Promise<Answer> {
  const { id, parent, proposal: before } = experiment;
  await prepare();
  const brief = briefOf(run, desk, id, parent, fix);
  prepareScratch(brief.scratchDir);
  run.emit({ type: 'stage-changed', experiment: id, stage: 'propose', subject: 'change' });
  const used = before.usage?.usd ?? 0;
  const others = run.flight.held.filter((held) => held.id !== id);
  const most = reserve(run.state.view, others, others.length + 1) ?? leftBeside(run.state.view, others);
  run.flight.allow(id, used + most);
  const asking = run.chain.open(brief, {
    most,
    startOver: () => desk.startOver(prepare),
    spends: (usd) => run.flight.noteSpent(id, used + usd),
  });
  const proposed = await desk.work(() => run.quiet.beside(() => askAgents(run, brief, asking)));
  const tampered = desk.seals.afterProposal();
  const usage = takeUsage(asking, before.usage);
  run.chain.close(brief);
  run.flight.noteCost(id, usage.usd ?? 0);
  return {
    proposal: isEmptyUsage(usage) ? before : { ...before, usage },
    tampered,
    report: proposed?.result.status === 'proposed' ? proposed.result.report : null,
  };
}
