import type { CommittedExperiment } from '../../../src/experiment.ts';
import type { Objective } from '../../../src/plugin.ts';
import type { Run } from '../../../src/engine/engine.ts';
import { judge } from '../../../src/engine/decide/judge.ts';
import { keepsSince, openOffers, survivalOf, takeUp } from '../../../src/model/late-gains.ts';
import { loopSeed } from '../../../src/engine/measure/seeds.ts';
import type { RunState } from '../../../src/model/run-state.ts';
import { audit } from '../audit.ts';
import { claimOf } from '../claim.ts';
import type { NamedGate } from '../policies.ts';
import { commitOf, settledOf, startExperiment, type Settling } from '../records.ts';
import { UNIT } from '../worlds.ts';
import { ParallelNature, type Scene } from './nature.ts';
import type { ParallelPolicy } from './policies.ts';
import { openJudging } from '../judging.ts';

export interface ParallelInput extends Scene {
  readonly policy: ParallelPolicy;
  readonly gates: readonly NamedGate[];
  readonly objective: Objective;
  /** Wall clock of the night, in trials. */
  readonly wall: number;
}

/** What a night came to; gain and claim in units of the score. */
export interface ParallelResult {
  readonly gain: number;
  readonly claim: number;
  readonly keeps: number;
  readonly tried: number;
  /** Changes that were offered again, and how many of them were kept. */
  readonly again: number;
  readonly againKept: number;
}

/** A proposal that is being made, or waits. */
interface Waiting {
  readonly idea: number;
  readonly basis: number;
  readonly readyAt: number;
}

/** A trial that runs. */
interface Running {
  readonly experiment: CommittedExperiment;
  readonly idea: number | null;
  readonly slot: number;
  readonly endsAt: number;
}

/** One night with slots side by side, an agent for each that proposes one ahead; results are decided in the order in which they arrive. */
export async function playParallel(input: ParallelInput): Promise<ParallelResult> {
  const night = new ParallelNight(input);
  await night.play();
  return night.result();
}

class ParallelNight {
  readonly #input: ParallelInput;
  readonly #nature: ParallelNature;
  readonly #state: RunState;
  readonly #engine: Run;
  readonly #waiting: Waiting[] = [];
  readonly #ideas = new Map<number, number>();
  #running: Running[] = [];
  #lastId = 0;
  #lastIdea = 0;
  #share = survivalOf([]);
  readonly #counts = { tried: 0, keeps: 0, again: 0, againKept: 0 };

  constructor(input: ParallelInput) {
    const { gates, objective, policy, world, night } = input;
    this.#input = input;
    this.#nature = new ParallelNature(input);
    const noise = policy.noise?.(world) ?? {};
    const judging = openJudging({ gates, objective, noise, night });
    this.#state = judging.state;
    this.#engine = judging.run;
  }

  async play(): Promise<void> {
    const { slots, wall, policy } = this.#input;
    for (let slot = 0; slot < slots; slot++) {
      const first = startExperiment(this.#lastId++, commitOf(0));
      const baseline: CommittedExperiment =
        slot === 0 ? first : { ...first, kind: 'control', candidate: commitOf(0), basis: { incumbent: 0, commit: commitOf(0) } };
      this.#waiting.push({ idea: ++this.#lastIdea, basis: 0, readyAt: policy.baselines - 1 + this.#nature.think() });
      this.#start(baseline, { idea: null, slot, at: policy.baselines - 1 }, policy.baselines);
    }
    for (;;) {
      // Those that end together are decided in the order in which they began.
      const next = this.#running.reduce((first, each) => (each.endsAt < first.endsAt ? each : first));
      if (next.endsAt > wall) break;
      this.#running = this.#running.filter((each) => each !== next);
      await this.#decide(next);
    }
    await audit({ ...this.#input, state: this.#state, nature: this.#nature }, 'end');
  }

  result(): ParallelResult {
    const truth = this.#nature.truthOf(this.#state.incumbent?.candidate ?? '') * UNIT;
    return { gain: -truth, claim: claimOf(this.#state.view, this.#input.gates), ...this.#counts };
  }

  /** The trials of an experiment up to the next decision. */
  #start(experiment: CommittedExperiment, { idea, slot, at }: { idea: number | null; slot: number; at: number }, trials = 1): void {
    let measured = experiment;
    for (let n = 0; n < trials; n++) {
      const index = measured.trials.length;
      const trial = this.#nature.trial(measured.candidate, { index, seed: loopSeed(this.#engine, measured, index) }, slot);
      const place = this.#input.policy.knowsSlots ? { slot: `slot ${slot}` } : {};
      measured = { ...measured, trials: [...measured.trials, { ...trial, ...place }] };
    }
    this.#running.push({ experiment: measured, idea, slot, endsAt: at + 1 });
  }

  async #decide({ experiment, idea, slot, endsAt }: Running): Promise<void> {
    const settling = await this.#judge(experiment);
    if (settling === 'more') return this.#start(experiment, { idea, slot, at: endsAt });
    this.#state.settle(settledOf(experiment, settling, this.#state));
    const { kind, again } = experiment;
    if (kind === 'change') {
      const isKept = settling.verdict === 'keep';
      this.#counts.tried++;
      if (isKept) this.#counts.keeps++;
      if (again !== undefined) this.#counts.again++;
      if (again !== undefined && isKept) this.#counts.againKept++;
      if (again !== undefined) this.#share = survivalOf(this.#state.history);
    }
    this.#fill(slot, endsAt);
  }

  async #judge(experiment: CommittedExperiment): Promise<Settling | 'more'> {
    if (experiment.kind !== 'control') return judge(this.#engine, experiment);
    const score = await this.#input.objective.score(experiment.trials, this.#state.view);
    return { verdict: 'discard', reason: { code: 'SLOT_MEASURED', text: 'the baseline in its slot' }, score };
  }

  /** A slot is free: a late gain, or the proposal that was made ahead, for which its agent begins the next one. */
  #fill(slot: number, now: number): void {
    const { history } = this.#state;
    const [offer] = this.#input.policy.offers
      ? openOffers(
          history,
          this.#running.map(({ experiment }) => experiment),
        )
      : [];
    const late = offer && this.#ideas.get(offer.of);
    if (offer && late !== undefined) return this.#begin({ idea: late, slot, at: now, again: offer.of });
    const waiting = this.#waiting[slot];
    if (waiting === undefined) return;
    const { idea, basis, readyAt } = waiting;
    const at = Math.max(now, readyAt);
    this.#waiting[slot] = { idea: ++this.#lastIdea, basis: this.#state.incumbent?.id ?? 0, readyAt: at + this.#nature.think() };
    this.#begin({ idea, slot, at, basis });
  }

  #begin({ idea, slot, at, basis, again }: { idea: number; slot: number; at: number; basis?: number; again?: number }): void {
    const { history, incumbent } = this.#state;
    const tip = incumbent?.id ?? 0;
    const origin = basis ?? history.find(({ id }) => id === again)?.basis ?? tip;
    const keeps = keepsSince(history, origin);
    const isMoved = again !== undefined || (this.#input.policy.moves && takeUp(keeps, this.#share) === 'move');
    const on = isMoved ? tip : origin;
    const id = this.#lastId++;
    const experiment = startExperiment(id, commitOf(on));
    this.#nature.commit(idea, { on: commitOf(on), as: experiment.candidate, keeps: isMoved ? keeps : 0 });
    this.#ideas.set(id, idea);
    this.#start(again === undefined ? experiment : { ...experiment, again }, { idea, slot, at });
  }
}
