import type { OpeningRecord } from '../ledger/records.ts';
import type { Summary } from '../contract/run-view.ts';

/** What the views need of one settled experiment when they list many. */
export type Row = Summary;

/** What the views read of the run's opening record. */
export type OpeningView = Omit<OpeningRecord, 'v' | 'kind' | 'projectPrefix'>;

/** How a text view is laid out. */
export interface TextOptions {
  /** Columns to fit into; without it nothing is cut. */
  readonly width?: number;
  readonly colour?: boolean;
}
