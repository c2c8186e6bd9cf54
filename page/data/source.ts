/** Where the page has its data from: a server that follows the run, or the file that it is in itself. */
import type { RunEvent } from '../../src/contract/events.ts';
import type { PageDetail } from '../../src/page/detail-model.ts';
import type { Between, RunComparison } from '../../src/page/compare-model.ts';
import type { PageHead, PageRow, PageSections, SectionName } from '../../src/page/model.ts';
import type { Other } from './address.ts';

/** What a person may ask the run for. */
export type Wish =
  | { readonly kind: 'review'; readonly experiment: number; readonly decision: 'approve' | 'reject' | 'ask'; readonly note: string }
  | { readonly kind: 'steer'; readonly text: string }
  | { readonly kind: 'pause' | 'stop'; readonly note: string }
  | { readonly kind: 'resume' };

export type Connection = 'open' | 'lost' | 'ended' | 'file';

export interface Listener {
  head(head: PageHead): void;
  /** `isNew` says that none of them was sent before. */
  rows(rows: readonly PageRow[], isNew: boolean): void;
  event(event: RunEvent): void;
  connection(state: Connection): void;
}

export interface Source {
  readonly canAct: boolean;
  /** Calls back at once or later, until the page is closed. */
  listen(listener: Listener): void;
  /** Null where it is not there: a report has no details of old experiments that were not kept. Without a run, of this one. */
  detail(id: number, run?: string | null): Promise<PageDetail | null>;
  /** The other runs that this one can be compared with. */
  otherRuns(): Promise<readonly string[]>;
  withRun(run: string): Promise<RunComparison | null>;
  /** What differs between two experiments; null where that is not known. */
  between(id: number, other: Other): Promise<Between | null>;
  section<K extends SectionName>(name: K): Promise<PageSections[K]>;
  /** Says what came of it; throws an Error with the reason where it was refused. */
  wish(wish: Wish): Promise<string>;
}
