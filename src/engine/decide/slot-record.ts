/** What the record knows of a slot: what was measured in it that candidates can be compared with, and how far it is off the first one. */
import type { CommittedExperiment, Reason } from '../../experiment.ts';
import type { RunState } from '../../model/run-state.ts';
import type { Summary } from '../../plugin.ts';
import type { Run } from '../engine.ts';

/** A slot, with the class of its hardware where slots have one. */
export interface SlotAndHardware {
  readonly slot: string;
  readonly hardware?: string;
}

type Past = Pick<Summary, 'kind' | 'score' | 'slot' | 'hardware'>;

/**
 * Why a candidate that ran there cannot be compared; null where it can. Slots with the same class of hardware differ little, and
 * gates learn by how much; a class can be compared only once a baseline or a control was measured on it.
 */
export function baselineProblem({ slot, hardware }: Partial<SlotAndHardware>, history: readonly Past[]): Reason | null {
  if (hardware === undefined) return null;
  if (history.some((past) => isMeasured(past) && past.hardware === hardware)) return null;
  const text = `${slot ?? 'its slot'} has hardware of the class ${hardware}, on which neither the baseline nor a control was measured: scores of different hardware are not compared`;
  return { code: 'NO_BASELINE_OF_CLASS', text };
}

function isMeasured({ kind, score }: Past): boolean {
  return kind !== 'change' && score !== null;
}

/** What controls have shown of a slot against the first one, in units of the score. */
interface SlotLevel {
  readonly name: string;
  readonly isNew: boolean;
  readonly offset: number;
  /** Its variance, in units of the noise's. */
  readonly doubt: number;
}

/** The slot in which a control has run; null for the first one, whose figures all others are compared with. */
export function slotOf({ slots, state }: Pick<Run, 'slots' | 'state'>, { trials }: CommittedExperiment): SlotLevel | null {
  const name = trials[0]?.slot ?? '';
  return name === slots[0] || !slots.includes(name) ? null : levelOf(state, name);
}

/** Has the incumbent never been measured in this slot? */
export function isNewSlot({ history }: Pick<RunState, 'history'>, slot: string): boolean {
  return !history.some((summary) => summary.slot === slot && summary.kind !== 'change');
}

function levelOf({ history }: RunState, name: string): SlotLevel {
  const controls = history.filter(({ slot, kind, delta }) => slot === name && kind === 'control' && delta !== null);
  const recent = controls.slice(
    Math.max(
      0,
      controls.findLastIndex(({ reason }) => reason.code === 'SLOT_DRIFT'),
    ),
  );
  const trials = recent.reduce((sum, { n = 1 }) => sum + n, 0);
  const offset = recent.reduce((sum, { delta, n = 1 }) => sum + (delta ?? 0) * n, 0) / Math.max(1, trials);
  return { name, isNew: recent.length === 0, offset, doubt: trials === 0 ? 0 : 1 / trials };
}

/** Trials in a slot since the incumbent was last measured in it; Infinity where it never was, or must be at once. */
export function sinceControl({ history, sinceControl: inAll }: RunState, slot: string): number {
  if (inAll === Infinity) return Infinity;
  const last = history.findLastIndex((summary) => summary.slot === slot && summary.kind !== 'change');
  if (last < 0) return Infinity;
  return history.slice(last + 1).reduce((sum, summary) => (summary.slot === slot ? sum + (summary.n ?? 1) : sum), 0);
}
