import type { Config } from '../config/types.ts';
import { AutoresearchError } from '../errors.ts';
import { deepFreeze, type SettledExperiment, type Trial } from '../experiment.ts';
import type { Git } from '../git/git.ts';
import type { Summary } from '../contract/run-view.ts';
import { ledgerRef } from './ledger.ts';
import { readSummary } from './message.ts';
import { completeRecord, completeSummaries } from './older-records.ts';
import { isExperiment, type LedgerRecord, type OpeningRecord, type SessionRecord } from './records.ts';

/** One commit of the ledger as `git log` gives it. */
export interface Entry {
  readonly commit: string;
  readonly parents: readonly string[];
  readonly message: string;
}

/** What a run's ledger says, in the order in which it was decided, which need not be that of the ids; session records are few and read whole. */
export interface RunRecord {
  readonly run: string;
  readonly tip: string;
  readonly opening: OpeningRecord;
  readonly sessions: readonly SessionRecord[];
  readonly summaries: readonly Summary[];
  /** The ledger commit of each experiment, by id. */
  readonly commits: ReadonlyMap<number, string>;
  /** The ledger commits of `sessions`, in the same order. */
  readonly sessionCommits: readonly string[];
}

/** An imported run has a record and no config: nothing of it can be run. */
export function refuseImported({ run, opening }: RunRecord, hint: string): void {
  if (opening.imported === undefined) return;
  throw new AutoresearchError('RUN_IMPORTED', `${run} was imported from ${opening.imported.file}`, { hint });
}

/** All entries, or those after one. */
export async function readEntries(git: Git, run: string, after?: string): Promise<Entry[]> {
  const range = after === undefined ? ledgerRef(run) : `${after}..${ledgerRef(run)}`;
  const out = await git.run(['log', '--first-parent', '--reverse', '-z', '--format=%H %P%n%B', range, '--']);
  return out
    .split('\0')
    .filter(Boolean)
    .map((text) => {
      const end = text.indexOf('\n');
      const [commit = '', ...parents] = text.slice(0, end).trim().split(' ');
      return { commit, parents, message: text.slice(end + 1) };
    });
}

/** Reads a run with two git processes, whatever its length. */
export async function readRun(git: Git, run: string): Promise<RunRecord> {
  const entries = await readEntries(git, run);
  const summaries: Summary[] = [];
  const commits = new Map<number, string>();
  const others: string[] = [];
  for (const { commit, message } of entries) {
    const summary = readSummary(message);
    if (summary === null) {
      others.push(commit);
    } else {
      summaries.push(summary);
      commits.set(summary.id, commit);
    }
  }
  const records = await readRecords(git, others);
  const sessions = records.filter((record): record is SessionRecord => !isExperiment(record));
  const opening = sessions[0];
  const tip = entries.at(-1)?.commit;
  if (opening?.kind !== 'opened' || tip === undefined) {
    throw new AutoresearchError('LEDGER_BROKEN', `the ledger of ${run} does not begin with an opening record`, {
      hint: `git log ${ledgerRef(run)}`,
    });
  }
  const audits = sessions.filter((session) => session.kind === 'audit');
  return { run, tip, opening, sessions, summaries: completeSummaries(summaries, audits), commits, sessionCommits: others };
}

/** The whole records of ledger commits, in the same order, with one git process. */
export async function readRecords(git: Git, commits: readonly string[]): Promise<LedgerRecord[]> {
  const blobs = await readBlobs(
    git,
    commits.map((commit) => `${commit}:record.json`),
  );
  return blobs.map((blob, index) => {
    if (blob === null) {
      throw new AutoresearchError('LEDGER_BROKEN', `ledger commit ${commits[index]} has no record.json`, { hint: 'autoresearch verify' });
    }
    return completeRecord(JSON.parse(blob) as LedgerRecord);
  });
}

export async function readExperiments(git: Git, { summaries, commits }: RunRecord): Promise<SettledExperiment[]> {
  const records = await readRecords(
    git,
    summaries.map((summary) => commits.get(summary.id) ?? ''),
  );
  return records.filter(isExperiment);
}

/** One experiment with the items of its trials, which are kept beside the record. */
export async function readWithItems(git: Git, commit: string): Promise<SettledExperiment | null> {
  const [text, items] = await readBlobs(git, [`${commit}:record.json`, `${commit}:items.json`]);
  const record = text ? completeRecord(JSON.parse(text) as LedgerRecord) : null;
  if (record === null || !isExperiment(record)) return null;
  const lists = items ? (JSON.parse(items) as readonly Trial['items'][]) : [];
  const withItems = (trials: readonly Trial[], from: number): Trial[] =>
    trials.map((trial, index) => {
      const items = lists[from + index];
      return items ? { ...trial, items } : trial;
    });
  const trials = withItems(record.trials, 0);
  return deepFreeze({ ...record, trials, ...(record.beside && { beside: withItems(record.beside, trials.length) }) });
}

/** The kept ends of logs, by experiment. */
export async function readLogs(git: Git, { commits }: RunRecord, ids: readonly number[]): Promise<Map<number, string>> {
  const blobs = await readBlobs(
    git,
    ids.map((id) => `${commits.get(id)}:log.txt`),
  );
  return new Map(ids.map((id, index) => [id, blobs[index] ?? '']));
}

/** How many entries that are no experiments may stand after the last one: stops, resumes, decisions of people. */
const RECENT = 20;

/** The kept end of the log of one of the last entries, without reading the others; empty where it is not among them. */
export async function readRecentLog(git: Git, run: string, id: number): Promise<string> {
  const names = Array.from({ length: RECENT }, (_, back) => `${ledgerRef(run)}~${back}`);
  const records = await readBlobs(
    git,
    names.map((name) => `${name}:record.json`),
  );
  const at = records.findIndex((text) => text !== null && (JSON.parse(text) as { id?: number }).id === id);
  return at < 0 ? '' : ((await readBlobs(git, [`${names[at]}:log.txt`]))[0] ?? '');
}

/** What the last session was allowed to use. */
export function budgetInForce(sessions: readonly SessionRecord[]): Config['budget'] {
  const last = sessions.findLast((session) => session.kind === 'opened' || session.kind === 'resumed');
  if (last?.kind === 'resumed') return last.budget;
  return last?.kind === 'opened' ? last.config.budget : {};
}

async function readBlobs(git: Git, names: readonly string[]): Promise<(string | null)[]> {
  return (await readObjects(git, names)).map((object) => (object?.type === 'blob' ? object.text : null));
}

/** Objects of git by their names, with one process; null for one that is not there. */
export async function readObjects(git: Git, names: readonly string[]): Promise<({ type: string; text: string } | null)[]> {
  if (names.length === 0) return [];
  // Byte by byte: what is no UTF-8 would be longer as text than git says, and all after it would be read from the wrong place.
  const out = Buffer.from(await git.run(['cat-file', '--batch'], { input: `${names.join('\n')}\n`, isLatin1: true }), 'latin1');
  const objects: ({ type: string; text: string } | null)[] = [];
  for (let at = 0; at < out.length;) {
    const end = out.indexOf(10, at);
    const header = out.subarray(at, end).toString();
    const [, type = '', bytes] = /^[0-9a-f]+ (\w+) (\d+)$/.exec(header) ?? [];
    const size = bytes === undefined ? null : Number(bytes);
    objects.push(size === null ? null : { type, text: out.subarray(end + 1, end + 1 + size).toString() });
    at = end + 1 + (size === null ? 0 : size + 1);
  }
  return objects;
}
