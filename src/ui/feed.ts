/** The data source of a live page: the run of a repository, or the made-up rows of a benchmark. */
import type { RunEvent } from '../contract/events.ts';
import type { PageDetail } from '../page/detail-model.ts';
import type { Between, RunComparison } from '../page/compare-model.ts';
import type { PageHead, PageRow, PageSections, SectionName } from '../page/model.ts';

/** How far a client has read: entries of the ledger, and the number of the last event. */
export interface Cursor {
  readonly entries: number;
  readonly seq: number;
}

/** One message to all clients. */
export type FeedMessage =
  | { readonly name: 'head'; readonly data: PageHead }
  | { readonly name: 'rows'; readonly data: readonly PageRow[] }
  | { readonly name: 'run'; readonly data: RunEvent };

/** Comparisons of the page's run. Null where there is no such run or experiment. */
export interface Comparisons {
  /** The other runs of the repository, the one written last first. */
  names(): Promise<readonly string[]>;
  withRun(run: string): Promise<RunComparison | null>;
  detail(run: string, id: number): Promise<PageDetail | null>;
  /** What differs between two experiments; without a run, both of the page's. */
  between(id: number, run: string | null, other: number): Promise<Between | null>;
}

export interface Feed {
  /** Where it has a repository. */
  readonly comparisons?: Comparisons;
  head(): PageHead;
  /** At most `limit` rows before this place in the ledger's order, oldest first. */
  rowsBefore(place: number, limit: number): readonly PageRow[];
  count(): number;
  cursor(): Cursor;
  /** Events of what is under way. */
  recent(): readonly RunEvent[];
  /** The messages after a cursor; everything that may have changed where the cursor is too old. */
  since(cursor: Cursor): readonly FeedMessage[];
  section<K extends SectionName>(name: K): Promise<PageSections[K]>;
  detail(id: number): Promise<PageDetail | null>;
  /** Calls `listener` with every message, until the returned function is called. */
  subscribe(listener: (message: FeedMessage) => void): () => void;
}

export function writeCursor({ entries, seq }: Cursor): string {
  return `${entries}.${seq}`;
}

/** Null for a text that is no cursor. */
export function readCursor(text: string | undefined): Cursor | null {
  const [, entries, seq] = /^(\d{1,12})\.(\d{1,12})$/.exec(text ?? '') ?? [];
  return entries === undefined || seq === undefined ? null : { entries: Number(entries), seq: Number(seq) };
}
