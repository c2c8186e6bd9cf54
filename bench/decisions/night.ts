import type { CommittedExperiment, Estimate, Reason } from '../../src/experiment.ts';
import type { Objective } from '../../src/plugin.ts';
import { dueControl } from '../../src/engine/decide/control.ts';
import type { Run } from '../../src/engine/engine.ts';
import { judge } from '../../src/engine/decide/judge.ts';
import type { RunState } from '../../src/model/run-state.ts';
import { loopSeed } from '../../src/engine/measure/seeds.ts';
import { trialsWanted } from '../../src/engine/measure/trials-wanted.ts';
import { audit } from './audit.ts';
import { claimOf } from './claim.ts';
import { LOOK_AT, Nature } from './nature.ts';
import { AUDIT_TRIALS, type NamedGate, type NoiseConfig } from './policies.ts';
import { settledOf, startExperiment, stoppedTrial, trialOf, type Settling } from './records.ts';
import type { World } from './worlds.ts';
import { openJudging } from './judging.ts';

export interface NightInput {
  readonly world: World;
  readonly gates: readonly NamedGate[];
  readonly objective: Objective;
  /** What the config says of noise. */
  readonly noise: NoiseConfig;
  readonly seed: number;
  readonly night: number;
  /** Trials of the night, everything included: baselines, repeats, controls, audits. */
  readonly budget: number;
}

const EARLY = 10;

/** The result of a night. */
export interface NightResult {
  /** How much better the last incumbent really is than the start, and how much better the run says it is; score units. */
  readonly gain: number;
  readonly claim: number;
  readonly keeps: number;
  /** Keeps that are no gain. */
  readonly idle: number;
  readonly ideas: number;
  /** Estimates of effects, and how many of their intervals hold the effect; `early` is the first ten experiments. */
  readonly intervals: Coverage;
  readonly early: Coverage;
  /** The same of audits. */
  readonly audits: Coverage;
}

export interface Coverage {
  readonly given: number;
  readonly right: number;
}

/** Plays one night of the loop: real state, real gates, real verdicts; only training is simulated. */
export async function playNight(input: NightInput): Promise<NightResult> {
  const night = new Night(input);
  await night.play();
  return night.result();
}

class Night {
  readonly #input: NightInput;
  readonly #nature: Nature;
  readonly #state: RunState;
  readonly #engine: Run;
  readonly #budget: number;
  #spent = 0;
  #keeps = 0;
  #idle = 0;
  #ideas = 0;
  readonly #intervals = { given: 0, right: 0 };
  readonly #early = { given: 0, right: 0 };

  constructor(input: NightInput) {
    const { world, gates, objective, noise, seed, night, budget } = input;
    this.#input = input;
    this.#nature = new Nature(world, seed, night);
    const judging = openJudging({ gates, objective, noise, night, experiments: budget });
    this.#state = judging.state;
    this.#engine = judging.run;
    this.#budget = budget - (gates.some(({ gate }) => gate.audit) ? 2 * AUDIT_TRIALS : 0);
  }

  async play(): Promise<void> {
    while (this.#spent < this.#budget) {
      const experiment = dueControl(this.#engine)?.experiment ?? this.#propose();
      const outcome = await this.#measure(experiment);
      if (outcome === null) break;
      this.#settle(outcome.experiment, outcome);
      if (outcome.verdict === 'keep') await this.#audit('keeps');
    }
    await this.#audit('end');
  }

  result(): NightResult {
    const start = this.#nature.truthOf(this.#state.baseline?.candidate ?? '');
    const end = this.#nature.truthOf(this.#state.incumbent?.candidate ?? '');
    const claim = claimOf(this.#state.view, this.#input.gates);
    return {
      gain: start - end,
      claim,
      keeps: this.#keeps,
      idle: this.#idle,
      ideas: this.#ideas,
      intervals: this.#intervals,
      early: this.#early,
      audits: this.#audits(),
    };
  }

  #propose(): CommittedExperiment {
    const { nextId, incumbent } = this.#state;
    const experiment = startExperiment(nextId, incumbent?.candidate ?? '');
    if (incumbent !== null) this.#nature.invent(++this.#ideas, experiment.parent, experiment.candidate);
    return experiment;
  }

  /** Runs trials until the gates have seen enough; null if the night ends before. */
  async #measure(started: CommittedExperiment): Promise<(Settling & { readonly experiment: CommittedExperiment }) | null> {
    let experiment = started;
    for (let wanted = trialsWanted(this.#engine, started); ; wanted = experiment.trials.length + 1) {
      while (experiment.trials.length < wanted) {
        if (this.#spent >= this.#budget) return null;
        const stop = await this.#train(experiment);
        experiment = stop.experiment;
        if (stop.reason) return { experiment, verdict: 'discard', reason: stop.reason };
      }
      const settling = await judge(this.#engine, experiment);
      if (settling !== 'more') return { ...settling, experiment };
    }
  }

  /** One trial, watched by the gates that can stop it. */
  async #train(experiment: CommittedExperiment): Promise<{ readonly experiment: CommittedExperiment; readonly reason?: Reason }> {
    const index = experiment.trials.length;
    const place = { index, seed: loopSeed(this.#engine, experiment, index) };
    const measured = this.#nature.measure(experiment.candidate, place.seed);
    const [share, value] = measured.curve[0] ?? [LOOK_AT, NaN];
    const running = { experiment, index, line: `curve: ${share} ${value}`, elapsedSeconds: 0 };
    for (const { gate } of this.#input.gates) {
      const answer = await gate.observe?.(running, this.#state.view);
      if (!answer) continue;
      this.#spent += share;
      return {
        experiment: { ...experiment, trials: [...experiment.trials, stoppedTrial(experiment.candidate, place, share)] },
        reason: answer.stop,
      };
    }
    this.#spent += 1;
    return { experiment: { ...experiment, trials: [...experiment.trials, trialOf(experiment.candidate, place, measured)] } };
  }

  #audits(): Coverage {
    const { audits } = this.#state;
    const right = audits.filter(({ claim, final, anchor }) => {
      const truth = this.#nature.truthOf(final.commit) - this.#nature.truthOf(anchor.commit);
      return claim.low <= truth && truth <= claim.high;
    });
    return { given: audits.length, right: right.length };
  }

  #count({ id, candidate, parent }: CommittedExperiment, estimate: Estimate | undefined): void {
    if (estimate === undefined) return;
    const effect = this.#nature.truthOf(candidate) - this.#nature.truthOf(parent);
    const isRight = estimate.low <= effect && effect <= estimate.high;
    for (const coverage of id <= EARLY ? [this.#intervals, this.#early] : [this.#intervals]) {
      coverage.given++;
      if (isRight) coverage.right++;
    }
  }

  #settle(experiment: CommittedExperiment, settling: Settling): void {
    const { candidate, parent } = experiment;
    const isAttempt = this.#state.incumbent !== null && candidate !== parent;
    if (isAttempt && settling.verdict === 'keep') {
      this.#keeps++;
      if (this.#nature.truthOf(candidate) >= this.#nature.truthOf(parent)) this.#idle++;
    }
    this.#count(experiment, settling.judgements?.find((judgement) => judgement.estimate)?.estimate);
    this.#state.settle(settledOf(experiment, settling, this.#state));
    if (isAttempt && settling.verdict !== 'keep') this.#nature.forget(candidate);
  }

  async #audit(at: 'keeps' | 'end'): Promise<void> {
    await audit({ ...this.#input, state: this.#state, nature: this.#nature }, at);
  }
}
