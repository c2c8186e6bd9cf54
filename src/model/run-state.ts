import type { SeedChoice } from '../config/types.ts';
import { deepFreeze, type Direction, type SeedRecord, type SettledExperiment } from '../experiment.ts';
import { summarize } from './summarize.ts';
import type { Audit, KnownNoise, LedgerView, Noise, Pending, RunView, Summary } from '../contract/run-view.ts';
import { GrowingList } from './growing-list.ts';
import { confirms, rollbackTarget } from './incumbents.ts';
import { NoiseEstimate } from './noise.ts';
import { Numbering } from './numbering.ts';
import { countIn, NOTHING_COUNTED, type Tally } from './tally.ts';

/** Whole records of the experiments that a run compares with. */
export interface Landmarks {
  readonly baseline: SettledExperiment | null;
  readonly incumbent: SettledExperiment | null;
  /** What guards and audits compare with. */
  readonly anchor: SettledExperiment | null;
  /** The last one that an audit confirmed, else the baseline: where a rollback goes. */
  readonly confirmed: SettledExperiment | null;
}

interface RunFacts {
  readonly name: string;
  readonly seed: number;
  readonly objective: { readonly label: string; readonly direction: Direction };
  readonly budget: RunView['budget'];
  /** A guess of the noise, from the config. */
  readonly sigma?: number | undefined;
  /** What was measured of the noise before the run. */
  readonly known?: KnownNoise | undefined;
  /** Metrics that guards protect. */
  readonly guards?: readonly string[] | undefined;
  /** The set of decision rules; 1 where the record of the run has none. */
  readonly rules?: number | undefined;
  /** What the config says of seeds. */
  readonly seedChoice?: SeedChoice | undefined;
}

/**
 * What the loop knows of the run: a fold over the experiments and audits in the order in which they were decided. Only the
 * engine has it. Plugins get `view`, which is frozen and stays as it is while the run goes on.
 */
export class RunState implements Landmarks {
  readonly name: string;
  readonly rules: number;
  readonly seed: number;
  readonly objective: RunFacts['objective'];
  readonly seedChoice: SeedChoice;
  /** Changes that have a score, by their key. */
  readonly measured = new Map<string, Summary>();
  readonly #facts: Pick<RunView, 'name' | 'rules' | 'seed' | 'objective' | 'budget' | 'guards'>;
  readonly #history = new GrowingList<Summary>();
  readonly #noise: NoiseEstimate;
  readonly #numbering = new Numbering();
  #tally: Tally = NOTHING_COUNTED;
  #landmarks: Landmarks = { baseline: null, incumbent: null, anchor: null, confirmed: null };
  #audits: readonly Audit[] = Object.freeze([]);
  #seeds: SeedRecord | null = null;
  #ledger: LedgerView | undefined;
  #view: RunView | null = null;

  constructor(facts: RunFacts) {
    const { name, seed, objective, budget, rules = 1, guards = [], seedChoice = 'auto', sigma, known } = facts;
    this.#noise = new NoiseEstimate(sigma, known, rules);
    this.#facts = deepFreeze(structuredClone({ name, rules, seed, objective, budget, guards }));
    [this.name, this.seed, this.rules, this.objective, this.seedChoice] = [name, seed, rules, this.#facts.objective, seedChoice];
  }

  /** The run as it is now, frozen. It costs the same however long the history is. */
  get view(): RunView {
    return (this.#view ??= Object.freeze({
      ...this.#facts,
      baseline: this.baseline,
      incumbent: this.incumbent,
      anchor: this.anchor,
      history: this.#history.view,
      pending: this.#numbering.pending,
      counts: this.#tally.counts,
      audits: this.#audits,
      noise: this.noise,
      seeds: this.#seeds,
      sinceKeep: this.#tally.sinceKeep,
      crashesInARow: this.#tally.crashesInARow,
      emptyInARow: this.#tally.emptyInARow,
      seconds: this.#tally.seconds,
      slotSeconds: this.#tally.slotSeconds,
      usd: this.#tally.usd,
      ...(this.#ledger && { ledger: this.#ledger }),
    }));
  }

  /** The same run with another measurement of its anchor. */
  withAnchor(anchor: SettledExperiment): RunView {
    const { view } = this;
    return Object.freeze({ ...view, anchor, baseline: view.baseline?.id === anchor.id ? anchor : view.baseline });
  }

  get history(): readonly Summary[] {
    return this.#history.items;
  }
  get audits(): readonly Audit[] {
    return this.#audits;
  }
  get baseline(): SettledExperiment | null {
    return this.#landmarks.baseline;
  }
  get incumbent(): SettledExperiment | null {
    return this.#landmarks.incumbent;
  }
  get anchor(): SettledExperiment | null {
    return this.#landmarks.anchor;
  }
  get confirmed(): SettledExperiment | null {
    return this.#landmarks.confirmed;
  }
  /** How seeds are used, once the baseline has shown it. */
  get seeds(): SeedRecord | null {
    return this.#seeds;
  }
  get noise(): Noise | null {
    return this.#noise.noise;
  }
  /** Trials since the incumbent was last run again for control. */
  get sinceControl(): number {
    return this.#tally.sinceControl;
  }

  /** The number the next experiment gets. */
  get nextId(): number {
    return this.#numbering.next;
  }
  /** Numbers that were given to experiments of which none is decided, although a later one is. */
  get openIds(): readonly number[] {
    return this.#numbering.open;
  }

  /** An experiment is in flight, or more is known of it; its number is taken. */
  begin(pending: Pending): void {
    this.#numbering.begin(pending);
    this.#view = null;
  }

  /** Nothing came of an experiment that was begun. */
  drop(id: number): void {
    this.#numbering.drop(id);
    this.#view = null;
  }

  settle(experiment: SettledExperiment): void {
    this.fold(summarize(experiment));
    if (experiment.reason.code === 'DRIFT') this.rebase(experiment);
    if (experiment.verdict !== 'keep') return;
    const { baseline, anchor, confirmed } = this;
    this.restore({
      baseline: baseline ?? experiment,
      anchor: anchor ?? experiment,
      confirmed: confirmed ?? experiment,
      incumbent: experiment,
    });
  }

  /** The machine or the data changed: what was measured of the commit before cannot be compared with any more. */
  rebase({ candidate, trials, metrics, score }: SettledExperiment): void {
    const again = (kept: SettledExperiment | null) =>
      kept?.candidate === candidate ? deepFreeze({ ...kept, trials, metrics, score }) : kept;
    this.restore({ incumbent: again(this.incumbent), anchor: again(this.anchor), confirmed: again(this.confirmed) });
  }

  /** Sets what was read from the ledger. */
  restore(landmarks: Partial<Landmarks>): void {
    this.#landmarks = { ...this.#landmarks, ...landmarks };
    this.#view = null;
  }

  settleAudit(audit: Audit): void {
    this.#audits = Object.freeze([...this.#audits, deepFreeze(audit)]);
    const used = [...audit.trials.final, ...audit.trials.anchor].reduce((sum, trial) => sum + trial.seconds, 0);
    this.#count({ seconds: this.#tally.seconds + used, slotSeconds: this.#tally.slotSeconds + used });
    if (audit.rolledBack) this.#goBack(rollbackTarget(audit));
    else if (confirms(audit)) this.restore({ confirmed: this.incumbent });
  }

  #goBack({ id, commit }: Audit['anchor']): void {
    this.restore({ incumbent: this.confirmed });
    const drift = this.history.findLastIndex(({ reason }) => reason.code === 'DRIFT');
    const target = this.history.findLastIndex((summary) => summary.id === id);
    // It was measured before the machine drifted: a control is due at once.
    if (drift > target && this.history[drift]?.candidate !== commit) this.#count({ sinceControl: Infinity });
  }

  fold(summary: Summary): void {
    this.#history.add(deepFreeze(summary));
    this.#numbering.settle(summary.id);
    this.#noise.follow(summary);
    this.#seeds = summary.seeds ?? this.#seeds;
    if (summary.key && summary.score !== null) this.measured.set(summary.key, summary);
    this.#count(countIn(this.#tally, summary));
  }

  /** What was used for proposals that never came. */
  spend(usd: number): void {
    this.#count({ usd: this.#tally.usd + usd });
  }

  /** A user goes on with the run and has seen why it stopped: limits of unattended failures begin anew. */
  forgive(): void {
    this.#count({ crashesInARow: 0, emptyInARow: 0, sinceKeep: 0 });
  }

  /** From when on the run has a ledger. */
  openLedger(ledger: LedgerView): void {
    this.#ledger = ledger;
    this.#view = null;
  }

  #count(change: Partial<Tally>): void {
    this.#tally = { ...this.#tally, ...change };
    this.#view = null;
  }
}
