import { gain, type RunView, type Summary, type Verdict } from '../../../src/plugin.ts';
import type { Observation, ParameterChange } from './model.ts';
import type { Parameter, Values } from './parameter.ts';
import { vectorKey } from './space.ts';

/** One experiment of the past that changed parameters. */
export interface Past {
  readonly id: number;
  readonly verdict: Verdict;
  readonly candidate: string | null;
  /** How much better the score was than the incumbent's; null without a score. */
  readonly gain: number | null;
  /** The change of the score itself, for showing. */
  readonly delta: number | null;
  readonly changes: readonly ParameterChange[];
}

const FIRST_STEP = 0.25;
const LARGEST_STEP = 0.5;
const SMALLEST_STEP = 0.04;
const NEAR_MISSES = 8;
const OBSERVATIONS = 200;
const NOTES = 3;

/**
 * What is known from the history, folded one experiment at a time, so that a proposal late in a run costs
 * what an early one did. The same history always gives the same memory.
 */
export class Memory {
  readonly #parameters: ReadonlyMap<string, Parameter>;
  readonly #seen = new Set<string>();
  #expected: ReadonlySet<string> = new Set();
  readonly #steps = new Map<string, number>();
  readonly #notes = new Map<string, readonly Past[]>();
  #observations: readonly Observation[] = [];
  #nearMisses: readonly Past[] = [];
  #latest: Past | null = null;
  #smallestKeep = Infinity;
  #folded = 0;

  constructor(parameters: readonly Parameter[]) {
    this.#parameters = new Map(parameters.map((parameter) => [parameter.key, parameter]));
  }

  /** How many experiments it has learned from; a shorter history belongs to another run. */
  get folded(): number {
    return this.#folded;
  }
  get observations(): readonly Observation[] {
    return this.#observations;
  }
  /** Discarded changes whose score came closest to a keep, best first. */
  get nearMisses(): readonly Past[] {
    return this.#nearMisses;
  }
  /** The last experiment that changed parameters. */
  get latest(): Past | null {
    return this.#latest;
  }
  /** The latest experiments that changed a parameter, newest first. */
  notes(key: string): readonly Past[] {
    return this.#notes.get(key) ?? [];
  }
  /** How far a parameter may move at once, as a share of its range. */
  step(key: string): number {
    return this.#steps.get(key) ?? FIRST_STEP;
  }
  hasTried(key: string): boolean {
    return this.#notes.has(key);
  }
  /** Was it tried, or is it being tried? */
  hasSeen(values: Values): boolean {
    const key = this.#keyOf(values);
    return this.#seen.has(key) || this.#expected.has(key);
  }
  /** Assignments that are being tried, in place of those that were: they are known once they are settled. */
  expect(assignments: readonly Values[]): void {
    this.#expected = new Set(assignments.map((values) => this.#keyOf(values)));
  }
  /** Marks an assignment as tried. */
  see(values: Values): void {
    this.#seen.add(this.#keyOf(values));
  }

  /** Learns from what the run has settled since the last call. `valuesAt` gives the values of a commit. */
  async fold(run: RunView, valuesAt: (commit: string) => Promise<Values>): Promise<void> {
    for (; this.#folded < run.history.length; this.#folded += 1) {
      const summary = run.history[this.#folded];
      if (summary?.params === undefined) continue;
      const before = await valuesAt(summary.parent);
      this.#learn(summary, run, before);
    }
  }

  #learn(summary: Summary, run: RunView, before: Values): void {
    const changes = Object.entries(summary.params ?? {}).flatMap(([key, to]) => {
      const parameter = this.#parameters.get(key);
      const from = before[key];
      return parameter === undefined || from === undefined || from === to ? [] : [{ parameter, from, to }];
    });
    if (changes.length === 0) return;
    this.see(before);
    this.see({ ...before, ...Object.fromEntries(changes.map(({ parameter, to }) => [parameter.key, to])) });

    const { id, verdict, delta, candidate } = summary;
    const gained = delta === null ? null : gain(delta, 0, run.objective.direction);
    const past: Past = { id, verdict, candidate, gain: gained, delta, changes };
    this.#latest = past;
    if (gained === null && verdict !== 'crash') return;
    this.#observe(past);
    for (const { parameter } of changes) {
      const { key } = parameter;
      this.#notes.set(key, [past, ...this.notes(key)].slice(0, NOTES));
      this.#steps.set(key, nextStep(this.step(key), past));
    }
    if (verdict === 'discard' && gained !== null) {
      this.#nearMisses = [...this.#nearMisses, past].sort((a, b) => (b.gain ?? 0) - (a.gain ?? 0)).slice(0, NEAR_MISSES);
    }
  }

  #observe({ changes, gain: gained, verdict }: Past): void {
    // A score as good as that of kept experiments, and still refused: something other than the score is the reason.
    const isRefused = verdict === 'discard' && gained !== null && gained > this.#smallestKeep;
    const cost = gained === null || isRefused ? 'bad' : -gained;
    this.#observations = [...this.#observations, { changes, cost } as const].slice(-OBSERVATIONS);
    if (verdict === 'keep' && gained !== null && gained > 0) this.#smallestKeep = Math.min(this.#smallestKeep, gained);
  }

  #keyOf(values: Values): string {
    return vectorKey([...this.#parameters.values()], values);
  }
}

// A keep makes the steps larger, a discard smaller; if several parameters changed, less is learned about each.
function nextStep(step: number, { verdict, changes }: Past): number {
  const factor = verdict === 'keep' ? 1.4 : verdict === 'crash' ? 0.5 : changes.length === 1 ? 0.75 : 0.9;
  return Math.min(LARGEST_STEP, Math.max(SMALLEST_STEP, step * factor));
}
