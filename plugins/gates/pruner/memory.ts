import { foldHistory, IncumbentCommits, type Json, type RunView, type Summary } from '../../../src/plugin.ts';
import { logEnd, logFinished, logMiss, logReference, logSpared, watch, type EarlyStop } from '../../../src/stats.ts';

/** What a judgement records: for each look, the error of the early difference; and the look that would have stopped the trial. */
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

interface Remembered {
  readonly states: readonly EarlyStop[];
  /** The commit whose curve the hints are of. */
  readonly incumbent: string | null;
  readonly commits: IncumbentCommits;
}

/** The rule's state as the run's history leaves it, one for each look. */
export function createMemory({ gate, looks, k, shadow }: MemoryOptions): (run: RunView) => readonly EarlyStop[] {
  const fold = foldHistory({
    start: (): Remembered => ({
      states: Array.from({ length: looks }, () => watch(k)),
      incumbent: null,
      commits: new IncumbentCommits(),
    }),
    follow: ({ states, incumbent, commits }, summary): Remembered => {
      const note = toNote(summary.notes?.[gate]);
      const compared = commits.follow(summary);
      // The incumbent was measured again or rolled back to: hints about another curve do not apply to this one.
      const isOther = summary.reason.code === 'DRIFT' || compared !== incumbent;
      const learned = states.map((state, look) => follow(isOther ? { ...state, hints: [] } : state, look, { note, summary, shadow }));
      return { states: learned, incumbent: summary.verdict === 'keep' ? summary.candidate : compared, commits };
    },
  });
  return (run) => fold(run).states;
}

interface Settled {
  readonly note: Note | null;
  readonly summary: Summary;
  readonly shadow: number;
}

function follow(state: EarlyStop, look: number, { note, summary, shadow }: Settled): EarlyStop {
  const miss = note?.miss?.[look] ?? null;
  const kept = summary.verdict === 'keep';
  const log = state.misses.length < shadow ? logMiss : logFinished;
  const learned = logReference(miss === null ? state : log(state, miss, 0, { shadow }), miss, kept);
  const judged = note?.spared === look ? logSpared(learned, summary.estimate?.pGain ?? (kept ? 1 : 0)) : learned;
  const isKilled = summary.reason.code === 'HOPELESS';
  return isKilled || note !== null ? logEnd(judged, isKilled) : judged;
}

function toNote(note: Json | undefined): Note | null {
  return typeof note === 'object' && note !== null && !Array.isArray(note) ? (note as Note) : null;
}
