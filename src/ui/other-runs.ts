/** The other runs of the repository, and their experiments, for comparisons on the page of one run. */
import { readDiffs } from '../git/diffs.ts';
import type { Git } from '../git/git.ts';
import { listRuns } from '../ledger/find-run.ts';
import type { RunRecord } from '../ledger/read.ts';
import { betweenOf, compareRuns } from '../page/compare.ts';
import type { PageDetail } from '../page/detail-model.ts';
import { pageHead } from '../page/head.ts';
import type { Between, RunComparison } from '../page/compare-model.ts';
import type { PageHead } from '../page/model.ts';
import { readDetails, readExperimentsById } from '../page/read.ts';
import { pageSource, type PageSource } from '../page/source.ts';
import type { ProcessState } from '../views/process-state.ts';
import type { Comparisons } from './feed.ts';
import { GrowingRecord } from './growing-record.ts';

/** So many other runs are kept in memory. */
const MOST_KEPT = 3;

interface Own {
  readonly record: RunRecord;
  readonly source: PageSource;
  readonly head: PageHead;
}

export interface OtherRunsInput {
  readonly git: Git;
  readonly stateOf: (run: RunRecord) => ProcessState;
  /** The run of the page, as it is now. */
  readonly own: () => Own;
}

export class OtherRuns implements Comparisons {
  readonly #input: OtherRunsInput;
  readonly #kept = new Map<string, GrowingRecord>();

  constructor(input: OtherRunsInput) {
    this.#input = input;
  }

  async names(): Promise<readonly string[]> {
    const { run } = this.#input.own().record;
    return (await listRuns(this.#input.git)).filter((name) => name !== run);
  }

  async withRun(name: string): Promise<RunComparison | null> {
    const other = await this.#open(name);
    if (other === null) return null;
    const own = this.#input.own();
    const theirs = { source: other.source, head: pageHead(other.source) };
    const ids = [own.head.incumbent?.id, theirs.head.incumbent?.id] as const;
    const between = ids[0] === undefined || ids[1] === undefined ? null : await this.#between(own.record, ids[0], other.record, ids[1]);
    return compareRuns(own, theirs, between);
  }

  async detail(name: string, id: number): Promise<PageDetail | null> {
    const other = await this.#open(name);
    return other === null ? null : ((await readDetails(this.#input.git, other.record, other.source, [id])).get(id) ?? null);
  }

  async between(id: number, name: string | null, other: number): Promise<Between | null> {
    const { record } = this.#input.own();
    const theirs = name === null ? record : (await this.#open(name))?.record;
    return theirs === undefined ? null : this.#between(record, id, theirs, other);
  }

  async #between(ours: RunRecord, id: number, theirs: RunRecord, other: number): Promise<Between | null> {
    const { git } = this.#input;
    const left = (await readExperimentsById(git, ours, [id])).get(id)?.candidate;
    const right = (await readExperimentsById(git, theirs, [other])).get(other)?.candidate;
    if (!left || !right) return null;
    return betweenOf((await readDiffs(git, [{ id: 0, parent: left, candidate: right }])).get(0) ?? '');
  }

  /** Null where there is no such run. */
  async #open(name: string): Promise<{ readonly record: RunRecord; readonly source: PageSource } | null> {
    const { git, stateOf } = this.#input;
    if (!(await listRuns(git)).includes(name)) return null;
    const kept = this.#kept.get(name) ?? (await GrowingRecord.open(git, name));
    await kept.grow();
    this.#kept.delete(name);
    this.#kept.set(name, kept);
    for (const oldest of [...this.#kept.keys()].slice(0, -MOST_KEPT)) this.#kept.delete(oldest);
    const { record } = kept;
    return { record, source: pageSource({ record, state: stateOf(record), now: new Date().toISOString() }) };
  }
}
