import type { SeedChoice } from '../config/types.ts';
import { deepFreeze, type Direction, type SeedRecord, type SettledExperiment, type Verdict } from '../experiment.ts';
import { summarize } from '../ledger/records.ts';
import type { Audit, KnownNoise, LedgerView, Noise, RunView, Summary } from '../plugin.ts';
import { confirms, rollbackTarget } from './incumbents.ts';
import { NoiseEstimate } from './noise.ts';

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

/** Reasons of experiments in which an agent was asked and nothing new came to be measured. */
const EMPTY: ReadonlySet<string> = new Set(['NO_CHANGE', 'NO_PROPOSAL', 'DUPLICATE']);

/** What the loop knows of the run. Everything here can be rebuilt by folding the ledger. */
export class RunState implements RunView {
  readonly name: string;
  readonly guards: readonly string[];
  readonly rules: number;
  readonly seed: number;
  readonly objective: RunFacts['objective'];
  readonly budget: RunView['budget'];
  /** Set once the run has a ledger. */
  ledger?: LedgerView;
  readonly history: Summary[] = [];
  readonly counts: Record<Verdict, number> = { keep: 0, discard: 0, crash: 0, review: 0 };
  baseline: SettledExperiment | null = null;
  incumbent: SettledExperiment | null = null;
  anchor: SettledExperiment | null = null;
  /** The last one that an audit confirmed, else the baseline: where a rollback goes. */
  confirmed: SettledExperiment | null = null;
  /** How seeds are used, once the baseline has shown it. */
  seeds: SeedRecord | null = null;
  readonly seedChoice: SeedChoice;
  readonly audits: Audit[] = [];
  /** Changes that have a score, by their key. */
  readonly measured = new Map<string, Summary>();
  /** Trials since the incumbent was last run again for control. */
  sinceControl = 0;
  sinceKeep = 0;
  crashesInARow = 0;
  emptyInARow = 0;
  seconds = 0;
  usd = 0;
  readonly #noise: NoiseEstimate;
  #highest = -1;
  /** Numbers below the highest that no experiment has yet. */
  readonly #open = new Set<number>();

  constructor(facts: RunFacts) {
    this.#noise = new NoiseEstimate(facts.sigma, facts.known, facts.rules);
    this.name = facts.name;
    this.guards = facts.guards ?? [];
    this.rules = facts.rules ?? 1;
    this.seed = facts.seed;
    this.seedChoice = facts.seedChoice ?? 'auto';
    this.objective = facts.objective;
    this.budget = facts.budget;
  }

  /** The number the next experiment gets. */
  get nextId(): number {
    return this.#highest + 1;
  }

  /** Numbers that were given to experiments of which none is decided, although a later one is. */
  get openIds(): readonly number[] {
    return [...this.#open];
  }

  get noise(): Noise | null {
    return this.#noise.noise;
  }

  settle(experiment: SettledExperiment): void {
    this.fold(summarize(experiment));
    if (experiment.reason.code === 'DRIFT') this.rebase(experiment);
    if (experiment.verdict !== 'keep') return;
    this.baseline ??= experiment;
    this.anchor ??= experiment;
    this.confirmed ??= experiment;
    this.incumbent = experiment;
  }

  /** The machine or the data changed: what was measured of the commit before cannot be compared with any more. */
  rebase({ candidate, trials, metrics, score }: SettledExperiment): void {
    const again = (kept: SettledExperiment | null) =>
      kept?.candidate === candidate ? deepFreeze({ ...kept, trials, metrics, score }) : kept;
    this.incumbent = again(this.incumbent);
    this.anchor = again(this.anchor);
    this.confirmed = again(this.confirmed);
  }

  /** The same run with another measurement of its anchor. */
  withAnchor(anchor: SettledExperiment): RunView {
    const {
      name,
      rules,
      seed,
      objective,
      budget,
      history,
      counts,
      incumbent,
      noise,
      seeds,
      audits,
      sinceKeep,
      crashesInARow,
      emptyInARow,
      seconds,
      usd,
    } = this;
    const baseline = this.baseline?.id === anchor.id ? anchor : this.baseline;
    return {
      name,
      rules,
      seed,
      objective,
      budget,
      history,
      counts,
      baseline,
      incumbent,
      anchor,
      noise,
      seeds,
      audits,
      sinceKeep,
      crashesInARow,
      emptyInARow,
      seconds,
      usd,
    };
  }

  settleAudit(audit: Audit): void {
    this.audits.push(audit);
    this.seconds += [...audit.trials.final, ...audit.trials.anchor].reduce((sum, trial) => sum + trial.seconds, 0);
    if (audit.rolledBack) this.#goBack(rollbackTarget(audit));
    else if (confirms(audit)) this.confirmed = this.incumbent;
  }

  #goBack({ id, commit }: Audit['anchor']): void {
    this.incumbent = this.confirmed;
    const drift = this.history.findLastIndex(({ reason }) => reason.code === 'DRIFT');
    const target = this.history.findLastIndex((summary) => summary.id === id);
    // It was measured before the machine drifted: a control is due at once.
    if (drift > target && this.history[drift]?.candidate !== commit) this.sinceControl = Infinity;
  }

  /** Counts a settled experiment; a baseline, also one that failed, is no attempt. */
  fold(summary: Summary): void {
    this.history.push(summary);
    this.#count(summary.id);
    this.#noise.follow(summary);
    this.seeds = summary.seeds ?? this.seeds;
    if (summary.key && summary.score !== null) this.measured.set(summary.key, summary);
    this.sinceControl = summary.kind === 'control' ? 0 : this.sinceControl + (summary.n ?? 1);
    this.seconds += summary.seconds;
    this.usd += summary.usd ?? 0;
    this.emptyInARow = EMPTY.has(summary.reason.code) ? this.emptyInARow + 1 : 0;
    this.crashesInARow = summary.verdict === 'crash' ? this.crashesInARow + 1 : 0;
    if (summary.kind === 'control') return;
    // A change that is parked for a human has passed every other gate, so it does not count towards the end of the search.
    if (summary.verdict !== 'review') this.sinceKeep = summary.verdict === 'keep' ? 0 : this.sinceKeep + 1;
    if (summary.kind === 'change') this.counts[summary.verdict]++;
  }

  #count(id: number): void {
    for (let between = this.#highest + 1; between < id; between++) this.#open.add(between);
    this.#open.delete(id);
    this.#highest = Math.max(this.#highest, id);
  }
}
