import type { Brief, SettledExperiment, Summary } from '../../../src/plugin.ts';

const HISTORY = 50;

/** The facts of one proposal as the JSON file that $AUTORESEARCH_CONTEXT names. Documented in docs/agents.md. */
export function contextOf(brief: Brief): object {
  const { run } = brief;
  return {
    v: 1,
    run: run.name,
    experiment: brief.id,
    attempt: brief.attempt,
    cwd: brief.cwd,
    seed: brief.seed,
    objective: { ...run.objective, value: run.incumbent?.score?.value ?? null },
    scope: brief.scope,
    baseline: run.baseline && shortOf(run.baseline),
    incumbent: run.incumbent && shortOf(run.incumbent),
    history: run.history.slice(-HISTORY).map(summaryOf),
    program: brief.program,
    limits: { timeoutMs: brief.timeoutMs, ...run.budget },
  };
}

function shortOf({ id, candidate, proposal, score, metrics }: SettledExperiment) {
  return { id, commit: candidate, title: proposal.title, score: score?.value ?? null, metrics };
}

function summaryOf({ id, verdict, reason, title, agent, params, score, delta, parent, candidate, seconds, metrics }: Summary) {
  return { id, verdict, reason, title, agent, ...(params && { params }), score, delta, parent, commit: candidate, seconds, metrics };
}
