/** What each slot did when, and what it waited for while it did nothing: from the times in the record. */
import type { SettledExperiment, Trial } from '../experiment.ts';
import type { AuditRecord, SessionRecord } from '../ledger/records.ts';
import type { Timeline, TimelineSpan } from './timeline-model.ts';

/** An interval in milliseconds since 1970. */
interface Span {
  readonly from: number;
  readonly to: number;
}

interface TrialSpan extends Span {
  readonly slot: string;
  readonly kind: TimelineSpan[3];
}

/** The times of one experiment. */
export interface Times {
  readonly id: number;
  readonly isKept: boolean;
  /** From the start of its proposal to its first trial, or to its verdict where there was none. */
  readonly proposal: Span;
  /** From its last trial to its verdict. */
  readonly judging: Span;
  readonly trials: readonly TrialSpan[];
}

const MOST_SPANS = 4000;

export function timesOf(experiment: SettledExperiment): Times {
  const { id, verdict, startedAt, settledAt, trials, beside = [], crashed = [] } = experiment;
  const own = [...crashed.flatMap((attempt) => attempt.trials), ...trials].map((trial) => trialSpan(trial, 'trial'));
  const all = [...own, ...beside.map((trial) => trialSpan(trial, 'incumbent'))];
  const [start, end] = [Date.parse(startedAt), Date.parse(settledAt)];
  const first = Math.min(...all.map(({ from }) => from), end);
  const last = Math.max(...all.map(({ to }) => to), start);
  const isMeasured = all.length > 0;
  return {
    id,
    isKept: verdict === 'keep',
    // The engine's own experiments ask nobody.
    proposal: { from: start, to: experiment.kind === 'change' ? first : start },
    judging: { from: isMeasured ? last : end, to: end },
    trials: all,
  };
}

function trialSpan({ slot, startedAt, seconds, evaluation }: Trial, kind: TrialSpan['kind']): TrialSpan {
  const from = Date.parse(startedAt);
  return { slot, from, to: from + 1000 * (seconds + (evaluation?.seconds ?? 0)), kind };
}

/** Null where nothing was run, as of an imported log. */
export function timelineOf(
  sessions: readonly SessionRecord[],
  audits: readonly AuditRecord[],
  all: readonly Times[],
  now: string,
): Timeline | null {
  const audited = audits.flatMap(({ after, audit: { trials } }) =>
    [...trials.final, ...trials.anchor].map((trial) => ({ id: after, ...trialSpan(trial, 'audit') })),
  );
  const trials = [...all.flatMap(({ id, isKept, trials: list }) => list.map((span) => ({ id, isKept, ...span }))), ...audited];
  const slots = [...new Set(trials.map(({ slot }) => slot))].toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const start = all.reduce((least, { proposal }) => Math.min(least, proposal.from), Infinity);
  if (slots.length === 0 || !Number.isFinite(start)) return null;
  const places = new Map(slots.map((name, at) => [name, at]));
  const worked = workedSpans(sessions, all, Date.parse(now));
  const seconds = (at: number): number => Math.round((at - start) / 100) / 10;
  const spans = [
    ...trials.map((span): TimelineSpan => [
      places.get(span.slot) ?? 0,
      seconds(span.from),
      seconds(span.to),
      'isKept' in span && span.isKept && span.kind === 'trial' ? 'kept' : span.kind,
      span.id,
    ]),
    ...all
      .filter(({ proposal }) => proposal.to > proposal.from)
      .map(({ id, proposal }): TimelineSpan => [slots.length, seconds(proposal.from), seconds(proposal.to), 'proposal', id]),
  ].toSorted((a, b) => a[1] - b[1]);
  return {
    start: new Date(start).toISOString(),
    worked: worked.reduce((sum, { from, to }) => sum + (to - from) / 1000, 0),
    lanes: sharesOf(slots, trials, all, worked),
    spans: spans.slice(-MOST_SPANS),
  };
}

/** When a session was at work; of one that was killed, until the last verdict before the next. */
function workedSpans(sessions: readonly SessionRecord[], all: readonly Times[], now: number): Span[] {
  const ends = all.map(({ judging }) => judging.to).toSorted((a, b) => a - b);
  const marks = sessions.flatMap((record) =>
    record.kind === 'opened' || record.kind === 'resumed' || record.kind === 'stopped'
      ? [{ isStart: record.kind !== 'stopped', at: Date.parse(record.at) }]
      : [],
  );
  return marks.flatMap(({ isStart, at }, index) => {
    if (!isStart) return [];
    const next = marks[index + 1];
    if (next === undefined) return [{ from: at, to: Math.max(at, now) }];
    const to = next.isStart ? (ends.findLast((end) => end <= next.at) ?? at) : next.at;
    return [{ from: at, to: Math.max(at, to) }];
  });
}

/** What is open at a moment: sessions, proposals, pending verdicts, then the trials of each slot. */
const [WORK, PROPOSAL, JUDGING, SLOTS] = [0, 1, 2, 3];

/** Goes through all beginnings and ends in their order, and adds up what each slot did, or waited for, in between. */
function sharesOf(
  slots: readonly string[],
  trials: readonly TrialSpan[],
  all: readonly Pick<Times, 'proposal' | 'judging'>[],
  worked: readonly Span[],
): Timeline['lanes'] {
  const steps: (readonly [at: number, counter: number, by: 1 | -1])[] = [];
  const add = (counter: number, { from, to }: Span): void => {
    if (to > from) steps.push([from, counter, 1], [to, counter, -1]);
  };
  const places = new Map(slots.map((name, at) => [name, SLOTS + at]));
  for (const span of worked) add(WORK, span);
  for (const span of trials) add(places.get(span.slot) ?? SLOTS, span);
  for (const { proposal, judging } of all) {
    add(PROPOSAL, proposal);
    add(JUDGING, judging);
  }
  steps.sort(([a], [b]) => a - b);
  const counts = new Int32Array(SLOTS + slots.length);
  const sums = slots.map((name) => ({ name, busy: 0, proposal: 0, judging: 0, other: 0 }));
  let before = steps[0]?.[0] ?? 0;
  for (const [at, counter, by] of steps) {
    const passed = (at - before) / 1000;
    before = at;
    if (passed > 0 && counts[WORK] !== 0) {
      const cause = counts[PROPOSAL] !== 0 ? 'proposal' : counts[JUDGING] !== 0 ? 'judging' : 'other';
      for (const [slot, sum] of sums.entries()) sum[counts[SLOTS + slot] === 0 ? cause : 'busy'] += passed;
    }
    counts[counter] = (counts[counter] ?? 0) + by;
  }
  return sums;
}
