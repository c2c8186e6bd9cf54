/** What each slot did when, as the page shows it. */
/** Seconds that a slot did something, and that it waited: for a proposal, for a verdict, for anything else. */
export interface TimelineLane {
  readonly name: string;
  readonly busy: number;
  readonly proposal: number;
  readonly judging: number;
  readonly other: number;
}

/** Times are seconds since the start. The lane after the slots is that of proposals; an audit has the id of the last experiment before it. */
export type TimelineSpan = readonly [
  lane: number,
  from: number,
  to: number,
  kind: 'trial' | 'kept' | 'incumbent' | 'audit' | 'proposal',
  id: number,
];

export interface Timeline {
  /** ISO 8601. */
  readonly start: string;
  /** Seconds of all sessions together. */
  readonly worked: number;
  readonly lanes: readonly TimelineLane[];
  /** The newest of them, by their beginning. */
  readonly spans: readonly TimelineSpan[];
}
