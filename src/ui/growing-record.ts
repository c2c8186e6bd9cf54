/** A run's record that is read once and then grows with its ledger. */
import type { Git } from '../git/git.ts';
import { readSummary } from '../ledger/message.ts';
import { readEntries, readRecords, readRun, type RunRecord } from '../ledger/read.ts';
import { isExperiment, type SessionRecord } from '../ledger/records.ts';
import type { Summary } from '../plugin.ts';

export interface Grown {
  readonly summaries: readonly Summary[];
  readonly sessions: readonly SessionRecord[];
}

export class GrowingRecord {
  readonly #git: Git;
  readonly #summaries: Summary[];
  readonly #sessions: SessionRecord[];
  readonly #commits: Map<number, string>;
  readonly #sessionCommits: string[];
  #record: RunRecord;

  private constructor(git: Git, record: RunRecord) {
    this.#git = git;
    this.#summaries = [...record.summaries];
    this.#sessions = [...record.sessions];
    this.#commits = new Map(record.commits);
    this.#sessionCommits = [...record.sessionCommits];
    this.#record = record;
  }

  static async open(git: Git, run: string): Promise<GrowingRecord> {
    return new GrowingRecord(git, await readRun(git, run));
  }

  /** The record as read so far; its lists grow in place. */
  get record(): RunRecord {
    const { run, tip, opening } = this.#record;
    const [summaries, sessions, commits, sessionCommits] = [this.#summaries, this.#sessions, this.#commits, this.#sessionCommits];
    return { run, tip, opening, summaries, sessions, commits, sessionCommits };
  }

  /** How many entries of the ledger were read. */
  get entries(): number {
    return this.#summaries.length + this.#sessions.length;
  }

  /** Reads the entries that came since; with one git process where there are none. */
  async grow(): Promise<Grown> {
    const { run, tip } = this.#record;
    const entries = await readEntries(this.#git, run, tip);
    const last = entries.at(-1);
    if (last === undefined) return { summaries: [], sessions: [] };
    const found = entries.map(({ commit, message }) => ({ commit, summary: readSummary(message) }));
    const others = found.filter(({ summary }) => summary === null).map(({ commit }) => commit);
    const sessions = (await readRecords(this.#git, others)).filter((record): record is SessionRecord => !isExperiment(record));
    const summaries = found.flatMap(({ commit, summary }) => {
      if (summary === null) return [];
      this.#commits.set(summary.id, commit);
      return [summary];
    });
    this.#summaries.push(...summaries);
    this.#sessions.push(...sessions);
    this.#sessionCommits.push(...others);
    this.#record = { ...this.#record, tip: last.commit };
    return { summaries, sessions };
  }
}
