/** One node of a simulated swarm: the real gates, run state and verdicts, on simulated trials. */
import { judge } from '../../src/engine/decide/judge.ts';
import type { Run } from '../../src/engine/engine.ts';
import { loopSeed } from '../../src/engine/measure/seeds.ts';
import type { CommittedExperiment } from '../../src/experiment.ts';
import type { RunState } from '../../src/model/run-state.ts';
import { summarize } from '../../src/model/summarize.ts';
import type { Objective } from '../../src/plugin.ts';
import type { SwarmSummary } from '../../src/swarm/model.ts';
import type { NamedGate } from '../decisions/policies.ts';
import { settledOf, startExperiment, trialOf } from '../decisions/records.ts';
import { UNIT } from '../decisions/worlds.ts';
import type { SwarmNature } from './nature.ts';
import { openJudging } from '../decisions/judging.ts';

export interface NodeInput {
  readonly place: number;
  readonly nature: SwarmNature;
  readonly gates: readonly NamedGate[];
  readonly objective: Objective;
  readonly sigma: number;
  readonly night: number;
}

/** What is about to be measured. */
export interface Planned {
  readonly candidate: string;
  readonly trials: number;
  readonly origin?: string;
  readonly whole?: boolean;
}

export class SimulatedNode {
  readonly id: string;
  readonly #input: NodeInput;
  readonly #state: RunState;
  readonly #engine: Run;
  #experiment: CommittedExperiment | null = null;
  #planned: Planned | null = null;

  constructor(input: NodeInput) {
    const { gates, objective, sigma, night, place } = input;
    this.id = `n${place}`;
    this.#input = input;
    const noise = { sigma: sigma * UNIT, controlEvery: 1_000_000, seeds: 'fresh', baselines: 2 } as const;
    const judging = openJudging({ gates, objective, noise, night });
    this.#state = judging.state;
    this.#engine = judging.run;
  }

  get incumbent(): { readonly id: number; readonly commit: string } | null {
    const { incumbent } = this.#state;
    return incumbent === null ? null : { id: incumbent.id, commit: incumbent.candidate ?? '' };
  }

  /** The last estimate of the incumbent's score minus that of the baseline, as this node believes it. */
  get believed(): number {
    const { baseline, history } = this.#state;
    return (history.findLast(({ belief }) => belief !== undefined)?.belief?.mean ?? NaN) - (baseline?.score?.value ?? NaN);
  }

  /** Begins an experiment on top of the incumbent; it takes so many trials before the first verdict. */
  begin(planned: Planned): number {
    const tip = this.incumbent;
    const id = this.#state.nextId;
    const started = startExperiment(id, tip?.commit ?? planned.candidate);
    this.#planned = planned;
    this.#experiment = {
      ...started,
      candidate: planned.candidate,
      basis: { incumbent: tip?.id ?? null, commit: started.parent },
      ...(id > 0 && { key: planned.candidate.slice(-16) }),
    };
    for (let n = 0; n < planned.trials; n++) this.#measure();
    return planned.trials;
  }

  /** Decides; null where one more trial is asked for, which is then run. */
  async decide(): Promise<SwarmSummary | null> {
    const [experiment, planned] = [this.#experiment, this.#planned];
    if (experiment === null || planned === null) throw new Error('nothing was begun');
    const settling = await judge(this.#engine, experiment);
    if (settling === 'more') {
      this.#measure();
      return null;
    }
    const settled = settledOf(experiment, settling, this.#state);
    this.#state.settle(settled);
    const { origin, whole } = planned;
    return { ...summarize(settled), ...(origin !== undefined && { origin }), ...(whole === true && { whole }) };
  }

  #measure(): void {
    const experiment = this.#experiment;
    if (experiment === null) return;
    const index = experiment.trials.length;
    const value = this.#input.nature.trial(experiment.candidate, this.#input.place);
    const trial = trialOf(experiment.candidate, { index, seed: loopSeed(this.#engine, experiment, index) }, { value, curve: [] });
    this.#experiment = { ...experiment, trials: [...experiment.trials, trial] };
  }
}
