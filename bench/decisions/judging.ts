/** The real run state, gates and verdicts, for nights whose trials are simulated. */
import type { Run } from '../../src/engine/engine.ts';
import type { CommittedExperiment, ScoredExperiment } from '../../src/experiment.ts';
import type { Judgements } from '../../src/hooks.ts';
import { RULES } from '../../src/model/rules.ts';
import { RunState } from '../../src/model/run-state.ts';
import type { Objective, RunView } from '../../src/plugin.ts';
import type { NamedGate, NoiseConfig } from './policies.ts';

interface JudgingInput {
  readonly gates: readonly NamedGate[];
  readonly objective: Objective;
  /** What the config says of noise. */
  readonly noise: NoiseConfig;
  readonly night: number;
  /** Experiments of the night, where it ends with a number of them. */
  readonly experiments?: number;
}

interface Judging {
  readonly state: RunState;
  /** As far as the engine's own rules for seeds, baselines, controls and judgements read it, and no further. */
  readonly run: Run;
}

export function openJudging({ gates, objective, noise, night, experiments }: JudgingInput): Judging {
  const { label, direction } = objective;
  const state = new RunState({
    name: 'night',
    seed: night,
    objective: { label, direction },
    budget: { ...(experiments !== undefined && { experiments }) },
    sigma: noise.sigma,
    seedChoice: noise.seeds,
    rules: RULES,
  });
  const score = async ({ trials }: CommittedExperiment, view: RunView) => objective.score(trials, view);
  const ask = async (scored: ScoredExperiment, view: RunView, judgements: Judgements) => {
    for (const { label: name, gate } of gates) if (gate.judge) judgements.add({ gate: name, ...(await gate.judge(scored, view)) });
  };
  const run = {
    state,
    flight: state,
    slots: ['default'],
    slot: 'default',
    needsNoise: gates.some(({ gate }) => gate.needsNoise === true),
    improvementGates: new Set(gates.filter(({ gate }) => gate.improvement === true).map(({ label: name }) => name)),
    emit: () => undefined,
    hooks: { score: { promise: score }, judge: { promise: ask } },
    config: { seed: night, noise: { driftZ: 3, ...noise }, trainer: { trials: 1, interleave: false } },
  };
  return { state, run: run as unknown as Run };
}
