/** What the record knows of a slot: was anything measured in it that candidates can be compared with, and what is the incumbent's level there. */
import type { Reason } from '../../experiment.ts';
import type { Summary } from '../../plugin.ts';

/** A slot, with the class of its hardware where slots have one. */
export interface SlotAndHardware {
  readonly slot: string;
  readonly hardware?: string;
}

type Past = Pick<Summary, 'kind' | 'score' | 'slot' | 'hardware'>;

/** The slots in which neither the baseline nor a control was measured yet, those of classes without any first. */
export function slotsWithoutBaseline<P extends SlotAndHardware>(slots: readonly P[], history: readonly Past[]): P[] {
  const measured = history.filter(isMeasured);
  const missing = slots.filter((one) => !measured.some(({ slot }) => slot === one.slot));
  const isNew = (one: P) => !measured.some(({ hardware }) => hardware === one.hardware);
  return [...missing.filter(isNew), ...missing.filter((one) => !isNew(one))];
}

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

/**
 * What the incumbent should score in a slot, by the last belief of the gates; null where there is none for that slot, or the slot
 * has drifted since. `incumbent` is the number of the incumbent.
 */
export function expectedIn(
  history: readonly Pick<Summary, 'id' | 'verdict' | 'incumbent' | 'reason' | 'belief' | 'slot'>[],
  incumbent: number,
  slot: string,
): { readonly mean: number; readonly sd: number } | null {
  const last = history.findLast(({ id, verdict, incumbent: against, reason, belief, slot: where }) => {
    if (reason.code === 'DRIFT' || (reason.code === 'SLOT_DRIFT' && where === slot)) return true;
    return belief !== undefined && (verdict === 'keep' ? id : against) === incumbent;
  });
  return last?.belief?.slots?.[slot] ?? null;
}
