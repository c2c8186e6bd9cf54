import type { Direction, RunView } from '../../../src/plugin.ts';
import { look, luckOf, type EarlyStop, type LookResult } from '../../../src/stats.ts';

export interface LookOptions {
  readonly shadowRuns: number;
  readonly spare: number;
  readonly mostInARow: number;
  readonly floor: number;
  readonly reference: 'own' | 'learned';
  readonly direction?: Direction;
}

export interface Comparison {
  readonly run: RunView;
  readonly experiment: number;
  readonly partial: number;
  readonly incumbentPartial: number;
}

export interface Seen extends LookResult {
  /** Positive is behind the incumbent; the learned luck of the incumbent's curve is subtracted. */
  readonly delta: number;
  readonly luck: number;
  readonly sigma: number;
}

/** Compares a trial's early value with the incumbent's. */
export function compare(state: EarlyStop, { run, experiment, partial, incumbentPartial }: Comparison, options: LookOptions): Seen {
  const { floor, shadowRuns: shadow, spare, mostInARow } = options;
  const direction = options.direction ?? run.objective.direction;
  const luck = options.reference === 'learned' ? luckOf(state) : 0;
  const delta = (direction === 'minimize' ? partial - incumbentPartial : incumbentPartial - partial) - luck;
  // The limit is k times at least twice sigma, so this sigma makes it at least the floor.
  const sigma = Math.max(run.noise?.sigma ?? 0, floor / (2 * state.k));
  return { delta, luck, sigma, ...look(state, { delta, sigma, seed: run.seed, experiment }, { shadow, spare, mostInARow }) };
}

/** Would the rule have stopped the trial at this look? */
export function isOver({ action }: LookResult): boolean {
  return action === 'kill' || action === 'spare';
}
