import { foldHistory, type Json, type RunView, type Summary } from '../../../src/plugin.ts';
import { logMiss, logSpared, watch, type EarlyStop } from '../../../src/stats.ts';

/** What a judgement leaves in the history: by look, how far the early difference was off; and the look that would have stopped the trial. */
export interface Note {
  readonly miss?: readonly (number | null)[];
  readonly spared?: number;
}

interface MemoryOptions {
  readonly gate: string;
  readonly looks: number;
  readonly k: number;
  readonly shadow: number;
}

/** The rule's state as the run's history leaves it, one for each look. */
export function createMemory({ gate, looks, k, shadow }: MemoryOptions): (run: RunView) => readonly EarlyStop[] {
  return foldHistory({
    start: (): readonly EarlyStop[] => Array.from({ length: looks }, () => watch(k)),
    follow: (states, summary) => {
      const note = toNote(summary.notes?.[gate]);
      return note === null ? states : states.map((state, look) => follow(state, look, { note, summary, shadow }));
    },
  });
}

function follow(state: EarlyStop, look: number, { note, summary, shadow }: { note: Note; summary: Summary; shadow: number }): EarlyStop {
  const miss = note.miss?.[look];
  const learned = miss === null || miss === undefined ? state : logMiss(state, miss, 0, { shadow });
  return note.spared === look ? logSpared(learned, summary.estimate?.pGain ?? (summary.verdict === 'keep' ? 1 : 0)) : learned;
}

function toNote(note: Json | undefined): Note | null {
  return typeof note === 'object' && note !== null && !Array.isArray(note) ? (note as Note) : null;
}
