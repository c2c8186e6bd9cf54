/** Follows one run for all pages: its events, and its ledger whenever something was written to it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunEvent } from '../contract/events.ts';
import { followEvents, readEvents } from '../events/read.ts';
import { eventsDirOf, listSegments } from '../events/segments.ts';
import type { Git } from '../git/git.ts';
import type { RunRecord } from '../ledger/read.ts';
import { pageHead } from '../page/head.ts';
import type { PageHead, PageRow, PageSections, SectionName } from '../page/model.ts';
import { readDetails, readProgram } from '../page/read.ts';
import { pageSource, rowMaker, type PageSource } from '../page/source.ts';
import type { SwarmOverview } from '../swarm/overview.ts';
import type { ProcessState } from '../views/process-state.ts';
import type { Cursor, Feed, FeedMessage } from './feed.ts';
import { GrowingRecord } from './growing-record.ts';
import { OtherRuns } from './other-runs.ts';
import { RecentEvents } from './recent-events.ts';
import { Sections } from './sections.ts';

export interface FollowedRun {
  readonly git: Git;
  readonly run: string;
  readonly runDir: string;
  /** Whether a process works on the run, and whether it is paused. */
  readonly stateOf: (record: RunRecord) => ProcessState;
  /** The swarm, where several nodes work on the run. */
  readonly readSwarm?: () => Promise<SwarmOverview | null>;
}

/** Events after which the ledger has new entries. */
const WRITES: ReadonlySet<string> = new Set(['verdict', 'audit', 'decision', 'run-started', 'run-paused', 'run-unpaused', 'run-ended']);
/** How often it looks without such an event: other processes write reviews. */
const LOOK_MS = 1500;
/** The swarm is read again after so many looks: nodes sync about once a minute. */
const SWARM_EVERY = 10;
const LEAST_HEAD_MS = 250;

export class RunFeed implements Feed {
  readonly #followed: FollowedRun;
  readonly #growing: GrowingRecord;
  readonly #program: string;
  readonly #events = new RecentEvents();
  readonly #listeners = new Set<(message: FeedMessage) => void>();
  readonly #sections: Sections;
  readonly comparisons: OtherRuns;
  readonly #stop = new AbortController();
  #source: PageSource;
  #head: PageHead;
  /** The marks of rows besides their verdict, as they were last sent. */
  #marks: ReadonlyMap<number, string>;
  #looking: Promise<void> | null = null;
  #nextHead = 0;
  #swarm: SwarmOverview | null = null;

  private constructor(followed: FollowedRun, growing: GrowingRecord, program: string) {
    this.#followed = followed;
    this.#growing = growing;
    this.#program = program;
    this.#source = this.#readSource();
    this.#head = pageHead(this.#source, program);
    this.#marks = marksOf(this.#source);
    this.comparisons = new OtherRuns({
      ...followed,
      own: () => ({ record: this.#growing.record, source: this.#source, head: this.#head }),
    });
    this.#sections = new Sections(
      followed.git,
      () => growing.record,
      () => this.#source,
    );
  }

  static async open(followed: FollowedRun): Promise<RunFeed> {
    const growing = await GrowingRecord.open(followed.git, followed.run);
    const feed = new RunFeed(followed, growing, await readProgram(followed.git, growing.record.opening));
    // Before the first page asks: one that was open when the server ended would get them a second time.
    await feed.#readPast();
    await feed.#lookAtSwarm();
    void feed.#followEvents().catch(() => {});
    void feed.#keepLooking();
    return feed;
  }

  close(): void {
    this.#stop.abort();
  }

  head(): PageHead {
    return this.#head;
  }

  count(): number {
    return this.#source.rows.length;
  }

  rowsBefore(place: number, limit: number): readonly PageRow[] {
    return this.#source.rows.slice(Math.max(0, place - limit), place).map(rowMaker(this.#source));
  }

  cursor(): Cursor {
    return { entries: this.#growing.entries, seq: this.#events.last };
  }

  recent(): readonly RunEvent[] {
    const settled = this.#growing.record.commits;
    return this.#events.underWay((id) => settled.has(id));
  }

  since({ entries, seq }: Cursor): readonly FeedMessage[] {
    const { rows } = this.#source;
    const missed = Math.min(rows.length, Math.max(0, this.#growing.entries - entries));
    const newest = missed > 0 ? rows.slice(-missed) : [];
    // A decision or an audit among what was missed may have changed any row that is marked.
    const marked = missed > 0 ? rows.filter(({ id }) => this.#marks.has(id)) : [];
    const sent = [...new Set([...newest, ...marked])].map(rowMaker(this.#source));
    return [
      ...(sent.length > 0 ? [{ name: 'rows', data: sent } as const] : []),
      { name: 'head', data: this.#head },
      ...this.#events.after(seq).map((data) => ({ name: 'run', data }) as const),
    ];
  }

  section<K extends SectionName>(name: K): Promise<PageSections[K]> {
    return this.#sections.read(name);
  }

  async detail(id: number): ReturnType<Feed['detail']> {
    return (await readDetails(this.#followed.git, this.#growing.record, this.#source, [id])).get(id) ?? null;
  }

  subscribe(listener: (message: FeedMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Reads what is new in the ledger, one reader at a time. */
  look(): Promise<void> {
    this.#looking ??= this.#lookNow().finally(() => (this.#looking = null));
    return this.#looking;
  }

  async #lookNow(): Promise<void> {
    const { summaries, sessions } = await this.#growing.grow();
    const before = this.#source;
    this.#source = this.#readSource();
    const isLonger = summaries.length + sessions.length > 0;
    if (isLonger) {
      const marks = marksOf(this.#source);
      const changed = this.#source.rows.filter(({ id }) => this.#marks.get(id) !== marks.get(id));
      this.#marks = marks;
      const rows = [...new Set([...summaries, ...changed])].map(rowMaker(this.#source));
      if (rows.length > 0) this.#send({ name: 'rows', data: rows });
    }
    if (isLonger || JSON.stringify(before.state) !== JSON.stringify(this.#source.state)) await this.#sendHead();
  }

  /** The head takes longer for long runs, so it is made so rarely that this takes at most a tenth of the time. */
  async #sendHead(): Promise<void> {
    await sleep(Math.max(0, this.#nextHead - performance.now()), undefined, { signal: this.#stop.signal });
    const start = performance.now();
    this.#head = pageHead(this.#source, this.#program);
    this.#nextHead = performance.now() + Math.max(LEAST_HEAD_MS, 10 * (performance.now() - start));
    this.#send({ name: 'head', data: this.#head });
  }

  #readSource(): PageSource {
    const { record } = this.#growing;
    return pageSource({ record, state: this.#followed.stateOf(record), swarm: this.#swarm, now: new Date().toISOString() });
  }

  #send(message: FeedMessage): void {
    for (const listener of this.#listeners) listener(message);
  }

  /** The events of the last two files: more than are kept here. */
  async #readPast(): Promise<void> {
    const dir = eventsDirOf(this.#followed.runDir);
    const after = (listSegments(dir).at(-2)?.first ?? 1) - 1;
    for await (const event of readEvents(dir, { after })) this.#events.add(event);
  }

  async #followEvents(): Promise<void> {
    const dir = eventsDirOf(this.#followed.runDir);
    for await (const event of followEvents(dir, { after: this.#events.last, signal: this.#stop.signal })) {
      this.#events.add(event);
      this.#send({ name: 'run', data: event });
      if (WRITES.has(event.type)) this.look().catch(() => {});
    }
  }

  /** Reads the swarm's state again. Fetching other nodes' ledgers is up to the process that syncs. */
  async #lookAtSwarm(): Promise<void> {
    if (this.#followed.readSwarm === undefined) return;
    const swarm = await this.#followed.readSwarm().catch(() => null);
    if (swarm === null || JSON.stringify(swarm) === JSON.stringify(this.#swarm)) return;
    this.#swarm = swarm;
    this.#source = this.#readSource();
    this.#sections.forget('nodes');
    await this.#sendHead();
  }

  async #keepLooking(): Promise<void> {
    for (let turn = 1; !this.#stop.signal.aborted; turn++) {
      // A ledger that cannot be read now may be readable later; if it is broken, `verify` says so.
      await this.look().catch(() => {});
      if (turn % SWARM_EVERY === 0) await this.#lookAtSwarm();
      await sleep(LOOK_MS, undefined, { signal: this.#stop.signal }).catch(() => {});
    }
  }
}

function marksOf({ undone, reviews }: PageSource): Map<number, string> {
  const ids = new Set([...undone, ...reviews.keys()]);
  return new Map([...ids].map((id) => [id, `${undone.has(id)} ${reviews.get(id)?.at(-1)?.decision ?? ''}`]));
}
