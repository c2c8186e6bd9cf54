import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readCursor, writeCursor, type Feed, type FeedMessage } from '../../src/ui/feed.ts';
import { Hub } from '../../src/ui/hub.ts';
import { RecentEvents } from '../../src/ui/recent-events.ts';
import type { RunEvent } from '../../src/contract/events.ts';

const warning = (seq: number, text = ''): RunEvent => ({ type: 'warning', seq, at: '2026-01-01T00:00:00Z', text });

/** A feed of warnings only. */
function feedOf() {
  const events = new RecentEvents();
  const listeners = new Set<(message: FeedMessage) => void>();
  const feed = {
    cursor: () => ({ entries: 1, seq: events.last }),
    since: ({ seq }) => events.after(seq).map((data) => ({ name: 'run', data }) as const),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  } as Partial<Feed> as Feed;
  const say = (event: RunEvent): void => {
    events.add(event);
    for (const listener of listeners) listener({ name: 'run', data: event });
  };
  return { feed, say };
}

const idsIn = (text: string) => [...text.matchAll(/^id: \d+\.(\d+)$/gm)].map((match) => Number(match[1]));

it('a client that comes back, however often, has each event once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 12 }), async (bursts) => {
      const { feed, say } = feedOf();
      const hub = new Hub(feed);
      const seen: number[] = [];
      let seq = 0;
      for (const burst of bursts) {
        const reader = hub.open({ entries: 1, seq: seen.at(-1) ?? 0 })?.getReader();
        for (let left = burst; left > 0; left--) say(warning(++seq));
        for (let left = burst + 1; left > 0; left--) {
          const { value } = (await reader?.read()) ?? {};
          seen.push(...idsIn(new TextDecoder().decode(value)));
        }
        await reader?.cancel();
        // Said while nobody listens.
        if (burst % 2 === 0) say(warning(++seq));
      }
      const reader = hub.open({ entries: 1, seq: seen.at(-1) ?? 0 })?.getReader();
      seen.push(...idsIn(new TextDecoder().decode((await reader?.read())?.value)));
      expect(seen).toEqual(Array.from({ length: seq }, (_, at) => at + 1));
      hub.close();
    }),
  );
});

it('a client that reads nothing is cut off before much waits for it, and costs the others nothing', async () => {
  const { feed, say } = feedOf();
  const hub = new Hub(feed);
  const slow = hub.open(null)?.getReader();
  const quick = hub.open(null)?.getReader();
  await quick?.read();
  for (let seq = 1; seq <= 50; seq++) {
    say(warning(seq, 'x'.repeat(100_000)));
    expect(idsIn(new TextDecoder().decode((await quick?.read())?.value))).toEqual([seq]);
  }
  await expect(
    (async () => {
      for (;;) await slow?.read();
    })(),
  ).rejects.toThrow('too slow');
  hub.close();
});

it('a cursor is read as it was written, and nothing else is one', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (entries, seq) => {
      expect(readCursor(writeCursor({ entries, seq }))).toEqual({ entries, seq });
    }),
  );
  for (const text of [undefined, '', '1', '1.', '-1.2', '1.2.3', '1e3.2', `${'9'.repeat(13)}.1`]) expect(readCursor(text)).toBeNull();
});
