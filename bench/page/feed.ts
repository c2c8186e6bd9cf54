/** Rows and events of an invented run of any length. */
import type { RunEvent } from '../../src/contract/events.ts';
import type { Summary } from '../../src/plugin.ts';
import { pageHead } from '../../src/page/head.ts';
import { rowMaker } from '../../src/page/source.ts';
import { RecentEvents } from '../../src/ui/recent-events.ts';
import type { Feed, FeedMessage } from '../../src/ui/feed.ts';
import { sourceOf } from '../../test/page/report-of.ts';
import { syntheticRun } from '../../test/views/synthetic.ts';

export interface MadeUpFeed extends Feed {
  /** One more event: a point of a curve, or each fifth time a row. */
  next(): void;
}

const HEAD_EVERY = 10;

export function createFeed(count: number): MadeUpFeed {
  const experiments = syntheticRun(Math.min(count, 10_000));
  const start = sourceOf(experiments);
  const made: Summary[] = [];
  for (let id = 0; id < count; id++) {
    const like = start.rows[id < experiments.length ? id : 5000 + (id % 5000)];
    if (like !== undefined) made.push({ ...like, id });
  }
  const source = { ...start, rows: made, record: { ...start.record, summaries: made }, state: { kind: 'running', pid: 1 } as const };
  const toRow = rowMaker(source);
  const events = new RecentEvents();
  const listeners = new Set<(message: FeedMessage) => void>();
  const send = (message: FeedMessage): void => {
    for (const listener of listeners) listener(message);
  };
  let head = pageHead(source);
  let step = 0;
  const say = (event: RunEvent): void => {
    events.add(event);
    send({ name: 'run', data: event });
  };
  return {
    head: () => head,
    count: () => made.length,
    rowsBefore: (place, limit) => made.slice(Math.max(0, place - limit), place).map(toRow),
    cursor: () => ({ entries: made.length + 1, seq: events.last }),
    recent: () => [],
    since: () => [],
    section: () => Promise.reject(new Error('not measured')),
    detail: () => Promise.resolve(null),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    next() {
      step++;
      const common = {
        seq: events.last + 1,
        at: new Date().toISOString(),
        experiment: made.length,
        slot: 'default',
        index: 0,
        subject: 'change',
      } as const;
      if (step % 5 === 1) say({ ...common, type: 'trial-started', seed: 1, commit: '', timeoutSeconds: 60 });
      else say({ ...common, type: 'curve-points', name: 'loss', points: [[(step % 100) / 100, 1 / (step + 1)]], elapsedSeconds: step });
      if (step % 5 !== 0) return;
      const like = made.at(-(1 + (step % 500)));
      if (like === undefined) return;
      const row = { ...like, id: made.length, verdict: 'discard' } as const;
      made.push(row);
      send({ name: 'rows', data: [toRow(row)] });
      if (step % HEAD_EVERY !== 0) return;
      head = { ...head, total: made.length, at: new Date().toISOString() };
      send({ name: 'head', data: head });
    },
  };
}
