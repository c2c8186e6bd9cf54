import type { Score, SettledExperiment } from '../experiment.ts';
import { proposed, settled } from '../model/experiment-states.ts';
import type { KnownCommit } from './commits.ts';
import type { LogFile, LogRow } from './read-log.ts';

interface LogInput {
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

/** The rows as settled experiments that say that they were imported: they have scores and verdicts, and neither trials nor judgements. */
export function recordsOf({ run, file, log, commits, base, at }: LogInput): SettledExperiment[] {
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
    const started = proposed(
      { run, id, kind: before === null ? 'baseline' : 'change', basis: { incumbent: before?.id ?? null, commit: parent }, startedAt: time },
      {
        title: row.description,
        hypothesis: row.hypothesis,
        rationale: '',
        risks: [],
        agent: 'import',
        source: 'import',
        params: { commit: row.commit },
      },
    );
    const metrics = row.value === null ? {} : { ...row.metrics, [log.metric]: row.value };
    const experiment = { ...started, candidate, metrics };
    const score = row.value === null ? undefined : scoreOf(row.value);
    return settled(
      { experiment, verdict: row.status, reason: { code: 'IMPORTED', text: reasonOf(row, file) }, score },
      { incumbent: before && { id: before.id, score: scoreOf(before.score) }, settledAt: time, seconds: 0 },
    );
  });
}

function scoreOf(value: number): Score {
  return { value, spread: 0, n: 1 };
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
