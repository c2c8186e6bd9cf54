import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { parseDuration } from '../duration.ts';
import { AutoresearchError } from '../errors.ts';
import { deepFreeze, type CommittedExperiment, type Proposal, type ProposedExperiment, type Reason, type Usage } from '../experiment.ts';
import type { Brief } from '../plugin.ts';
import type { Engine } from './engine.ts';
import { tipOf } from './settle.ts';

export interface NothingLeft {
  readonly state: 'nothing-left';
  readonly reason: Reason;
}

const DEFAULT_TIMEOUT = '30m';

/** The next experiment: the baseline while there is none, else what the agents propose. */
export async function propose(engine: Engine): Promise<ProposedExperiment | CommittedExperiment | NothingLeft> {
  const { state, hooks, wal, declines } = engine;
  const id = state.nextId;
  const parent = tipOf(engine);
  const facts = { v: 1, run: state.name, id, startedAt: new Date().toISOString(), parent } as const;
  if (state.incumbent === null) return baseline(facts, engine.base);
  declines.length = 0;
  const proposed = await hooks.propose.promise(briefOf(engine, id, parent));
  engine.signal.throwIfAborted();
  if (proposed === undefined) return nothingLeft(engine);
  const { report, usage } = proposed.result;
  const proposal: Proposal = {
    title: report.title,
    hypothesis: report.hypothesis ?? '',
    rationale: report.rationale ?? '',
    risks: report.risks ?? [],
    agent: proposed.agent,
    source: report.source,
    ...(report.params && { params: report.params }),
    ...(report.expected && { expected: report.expected }),
    ...(usage && { usage: withoutNonsense(usage) }),
  };
  const experiment: ProposedExperiment = deepFreeze({ ...facts, state: 'proposed', proposal });
  wal.write(experiment);
  return experiment;
}

function baseline(facts: Omit<ProposedExperiment, 'state' | 'proposal'>, base: string): CommittedExperiment {
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

function briefOf(engine: Engine, id: number, parent: string): Brief {
  const { config, state, runDir, worktree } = engine;
  const scratchDir = join(runDir, 'agent');
  mkdirSync(scratchDir, { recursive: true });
  return {
    id,
    attempt: 0,
    cwd: worktree.cwd,
    parent,
    // The same experiment gets the same seed again after a crash; neighbours get unrelated ones.
    seed: (Math.imul(id + 1, 0x9e3779b1) ^ Math.imul(config.seed, 0x85ebca6b)) >>> 0,
    program: engine.readProgram(),
    scope: engine.scope,
    run: state,
    scratchDir,
    env: engine.env,
    timeoutMs: parseDuration(DEFAULT_TIMEOUT),
    signal: engine.signal,
  };
}

/** All agents are through: the end of the run, unless one of them failed, which fails the run. */
function nothingLeft({ declines }: Engine): NothingLeft {
  const failed = declines.filter((decline) => decline.kind === 'failed');
  if (failed.length > 0) {
    throw new AutoresearchError('AGENT_FAILED', failed.map(({ agent, message }) => `${agent}: ${message}`).join('; '), {
      hint: 'nothing is lost; when the cause is gone: autoresearch resume',
    });
  }
  const text = declines.map(({ agent, message }) => `${agent}: ${message}`).join('; ');
  return { state: 'nothing-left', reason: { code: 'NOTHING_LEFT', text: text || 'no agent had a proposal' } };
}

/** Figures that are no figures would defeat the limits that add them up. */
function withoutNonsense(usage: Usage): Usage {
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => Number.isFinite(value) && value >= 0));
}
