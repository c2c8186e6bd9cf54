import type { Direction, SettledExperiment, Verdict } from '../experiment.ts';
import { summarize } from '../ledger/records.ts';
import type { RunView, Summary } from '../plugin.ts';

interface RunFacts {
  readonly name: string;
  readonly seed: number;
  readonly objective: { readonly label: string; readonly direction: Direction };
  readonly budget: RunView['budget'];
}

/** What the loop knows of the run. Everything here can be rebuilt by folding the ledger. */
export class RunState implements RunView {
  readonly name: string;
  readonly seed: number;
  readonly objective: RunFacts['objective'];
  readonly budget: RunView['budget'];
  readonly history: Summary[] = [];
  readonly counts: Record<Verdict, number> = { keep: 0, discard: 0, crash: 0, review: 0 };
  baseline: SettledExperiment | null = null;
  incumbent: SettledExperiment | null = null;
  sinceKeep = 0;
  crashesInARow = 0;
  seconds = 0;
  usd = 0;

  constructor(facts: RunFacts) {
    this.name = facts.name;
    this.seed = facts.seed;
    this.objective = facts.objective;
    this.budget = facts.budget;
  }

  /** The number the next experiment gets. */
  get nextId(): number {
    return (this.history.at(-1)?.id ?? -1) + 1;
  }

  settle(experiment: SettledExperiment): void {
    this.fold(summarize(experiment));
    if (experiment.verdict !== 'keep') return;
    this.baseline ??= experiment;
    this.incumbent = experiment;
  }

  /** Counts a settled experiment; the baseline is no attempt, so it is counted apart. */
  fold(summary: Summary): void {
    const attempt = this.history.some((earlier) => earlier.verdict === 'keep');
    this.history.push(summary);
    this.seconds += summary.seconds;
    this.usd += summary.usd ?? 0;
    this.crashesInARow = summary.verdict === 'crash' ? this.crashesInARow + 1 : 0;
    this.sinceKeep = summary.verdict === 'keep' ? 0 : this.sinceKeep + 1;
    if (attempt || summary.verdict !== 'keep') this.counts[summary.verdict]++;
  }
}
