import type { Json, RunView, Summary } from '../../../src/plugin.ts';
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

/** The rule's state as the run's history leaves it, one for each look; every settled experiment is taken in once. */
export function createMemory({ gate, looks, k, shadow }: MemoryOptions): (run: RunView) => readonly EarlyStop[] {
  let states: readonly EarlyStop[] = [];
  let done = 0;
  let last: Summary | undefined;
  return ({ history }) => {
    if (done === 0 || history[done - 1] !== last) {
      states = Array.from({ length: looks }, () => watch(k));
      done = 0;
    }
    for (; done < history.length; done++) {
      last = history[done];
      const note = last && toNote(last.notes?.[gate]);
      if (last && note) states = states.map((state, look) => follow(state, look, { note, summary: last as Summary, shadow }));
    }
    return states;
  };
}

function follow(state: EarlyStop, look: number, { note, summary, shadow }: { note: Note; summary: Summary; shadow: number }): EarlyStop {
  const miss = note.miss?.[look];
  const learned = miss === null || miss === undefined ? state : logMiss(state, miss, 0, { shadow });
  return note.spared === look ? logSpared(learned, summary.estimate?.pGain ?? (summary.verdict === 'keep' ? 1 : 0)) : learned;
}

function toNote(note: Json | undefined): Note | null {
  return typeof note === 'object' && note !== null && !Array.isArray(note) ? (note as Note) : null;
}
