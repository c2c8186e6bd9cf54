import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RunEvent } from '../../../src/plugin.ts';
import { makeEvents } from '../../../src/testing.ts';
import { Live, type LivePoint } from './live.ts';

type Curve = Extract<RunEvent, { readonly type: 'curve-points' }>;
const example = makeEvents().find((event): event is Curve => event.type === 'curve-points');
const curve = (changes: Partial<Curve>): Curve => {
  if (example === undefined) throw new Error('there is no event of this type');
  return { ...example, index: 0, subject: 'change', name: 'loss', ...changes };
};

/** Everything that was sent once nothing waits any more. */
async function sentOf(events: readonly RunEvent[], { isDown = false, calls = 1 } = {}): Promise<LivePoint[]> {
  const sent: LivePoint[] = [];
  const done = Promise.withResolvers<void>();
  let left = calls;
  const live = new Live(
    (points) => {
      sent.push(...points);
      left -= 1;
      if (left === 0) done.resolve();
      return isDown ? Promise.reject(new Error('it is down')) : Promise.resolve();
    },
    new AbortController().signal,
    1,
  );
  for (const event of events) live.observe(event);
  await done.promise;
  return sent;
}

it('puts the points of a trial behind those of all experiments before', async () => {
  const points = await sentOf([
    curve({
      experiment: 3,
      points: [
        [0, 2],
        [0.5, 1],
      ],
    }),
    curve({ experiment: 4, points: [[0, 3]] }),
  ]);
  expect(points.map(({ key, experiment, step, value }) => [key, experiment, step, value])).toEqual([
    ['live/loss', 3, 3000, 2],
    ['live/loss', 3, 3500, 1],
    ['live/loss', 4, 4000, 3],
  ]);
});

it('shows no audits, no incumbents beside a change, no further trials, and no values that are none', async () => {
  const points: Curve['points'] = [[0.1, 1]];
  const others = [
    curve({ subject: 'audit', points }),
    curve({ subject: 'incumbent', points }),
    curve({ index: 1, points }),
    ...makeEvents().filter(({ type }) => type !== 'curve-points'),
  ];
  const sent = await sentOf([
    ...others,
    curve({
      experiment: 7,
      points: [
        [0.1, Number.NaN],
        [0.2, 5],
      ],
    }),
  ]);
  expect(sent.map(({ step, value }) => [step, value])).toEqual([[7200, 5]]);
});

it('sends a point once only, also where the service takes none', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 50 }),
      fc.boolean(),
      async (steps, isDown) => {
        const sent = await sentOf([curve({ experiment: 0, points: steps.map((step) => [step / 1000, 1]) })], { isDown });
        expect(sent.map(({ step }) => step)).toEqual(steps);
      },
    ),
    { numRuns: 30 },
  );
});

it('keeps points for a service that is not open yet', async () => {
  const taken: number[] = [];
  const done = Promise.withResolvers<void>();
  let calls = 0;
  const live = new Live(
    (points) => {
      if (calls++ < 3) return Promise.resolve(false);
      taken.push(...points.map(({ step }) => step));
      done.resolve();
      return Promise.resolve();
    },
    new AbortController().signal,
    1,
  );
  live.observe(curve({ experiment: 0, points: [[0.1, 1]] }));
  live.observe(curve({ experiment: 0, points: [[0.2, 1]] }));
  await done.promise;
  expect(taken).toEqual([100, 200]);
});

it('thins out more points than a service should get at once', async () => {
  const sent = await sentOf(Array.from({ length: 5000 }, (_, at) => curve({ experiment: 0, points: [[at / 5000, at]] })));
  expect(sent.length).toBeLessThanOrEqual(501);
  expect(sent.length).toBeGreaterThan(200);
});

it('sends nothing once the run is over', async () => {
  const over = new AbortController();
  let calls = 0;
  const live = new Live(() => Promise.resolve(void calls++), over.signal, 60_000);
  live.observe(curve({ points: [[0.5, 1]] }));
  over.abort();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(calls).toBe(0);
});
