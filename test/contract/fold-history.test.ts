import fc from 'fast-check';
import { expect, it } from 'vitest';
import { foldHistory, type RunView, type Summary } from '../../src/plugin.ts';
import { makeRunView, makeSummary } from '../../src/testing.ts';

const viewOf = (history: readonly Summary[], name = 'test'): RunView => ({ ...makeRunView({ name }), history });
const summaries = (ids: readonly number[]) => ids.map((id) => makeSummary({ id }));

/** A fold that says for which run it was started, and which experiments it has taken in. */
function traced() {
  const taken: number[] = [];
  const fold = foldHistory({
    start: ({ name }) => ({ name, ids: [] as number[] }),
    follow: ({ name, ids }, { id }) => {
      taken.push(id);
      return { name, ids: [...ids, id] };
    },
  });
  return { fold, taken };
}

it('comes to the same however the history arrives, and takes in each experiment once', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 5 }), { maxLength: 8 }), (steps) => {
      const { fold, taken } = traced();
      const history: Summary[] = [];
      const run = viewOf(history);
      for (const step of steps) {
        history.push(...summaries(Array.from({ length: step }, (_, index) => history.length + index)));
        expect(fold(run).ids).toEqual(history.map(({ id }) => id));
        expect(traced().fold(run)).toEqual(fold(run));
      }
      expect(taken).toEqual(history.map(({ id }) => id));
    }),
  );
});

it('starts anew for another run, and where the history is not a continuation', () => {
  const { fold } = traced();
  const [one, other] = [summaries([0, 1, 2]), summaries([0, 1, 2, 3])];
  expect(fold(viewOf([], 'first'))).toEqual({ name: 'first', ids: [] });
  expect(fold(viewOf(one, 'second'))).toEqual({ name: 'second', ids: [0, 1, 2] });
  expect(fold(viewOf(other, 'third'))).toEqual({ name: 'third', ids: [0, 1, 2, 3] });
  expect(fold(viewOf(other.slice(0, 2), 'fourth'))).toEqual({ name: 'fourth', ids: [0, 1] });
});
