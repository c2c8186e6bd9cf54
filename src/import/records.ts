import type { SettledExperiment } from '../experiment.ts';
import type { KnownCommit } from './commits.ts';
import type { LogFile, LogRow } from './read-log.ts';

interface Claims {
  readonly run: string;
  /** What the file is called in reasons. */
  readonly file: string;
  readonly log: LogFile;
  /** By the ids as written; empty where only the numbers are imported. */
  readonly commits: ReadonlyMap<string, KnownCommit>;
  /** What stands for a parent that is not known. */
  readonly base: string;
  /** When a row happened that no commit dates. */
  readonly at: string;
}

/** The rows as records that say they are claims: they have numbers and verdicts, and neither trials nor judgements. */
export function recordsOf({ run, file, log, commits, base, at }: Claims): SettledExperiment[] {
  let incumbent: { readonly id: number; readonly score: number; readonly commit: string | null } | null = null;
  let time = at;
  return log.rows.map((row, id) => {
    const known = commits.get(row.commit);
    time = known?.at ?? row.at ?? (id === 0 || commits.size === 0 ? at : time);
    const candidate = known?.id ?? null;
    const before = incumbent;
    // The baseline changes nothing, as in a run of our own.
    const parent: string = id === 0 ? (candidate ?? base) : (known?.parent ?? before?.commit ?? base);
    if (row.status === 'keep' && row.value !== null) incumbent = { id, score: row.value, commit: candidate };
    return {
      v: 1,
      run,
      id,
      kind: before === null ? 'baseline' : 'change',
      basis: { incumbent: before?.id ?? null, commit: parent },
      state: 'settled',
      startedAt: time,
      parent,
      proposal: {
        title: row.description,
        hypothesis: row.hypothesis,
        rationale: '',
        risks: [],
        agent: 'import',
        source: 'import',
        params: { commit: row.commit },
      },
      candidate,
      changes: [],
      diff: null,
      trials: [],
      metrics: row.value === null ? {} : { ...row.metrics, [log.metric]: row.value },
      score: row.value === null ? null : { value: row.value, spread: 0, n: 1 },
      judgements: [],
      verdict: row.status,
      reason: { code: 'IMPORTED', text: reasonOf(row, file) },
      delta: row.value === null || before === null ? null : row.value - before.score,
      incumbent: before === null ? null : { id: before.id, score: before.score },
      settledAt: time,
      seconds: 0,
    };
  });
}

function reasonOf({ line, status, said, value }: LogRow, file: string): string {
  const says =
    said === null || said === ''
      ? `has no status, taken as ${status}`
      : said === status
        ? `says ${status}`
        : `says ${said}, taken as ${status}`;
  const missing = value === null && status === 'discard' ? ' without a score' : '';
  return `${file}:${line} ${says}${missing}: not measured by this engine`;
}
