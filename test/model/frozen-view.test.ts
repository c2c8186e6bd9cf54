import { describe, expect, it } from 'vitest';
import { RunState } from '../../src/model/run-state.ts';
import { foldHistory, type RunView } from '../../src/plugin.ts';
import { makeAudit, makeExperiment, makeSummary } from '../../src/testing.ts';
import { makeProject, run as runProject, problemsOf, set, stepsAgent } from '../helpers/project.ts';

const fresh = () =>
  new RunState({ name: 'night', seed: 1, objective: { label: 'loss', direction: 'minimize' }, budget: { experiments: 9 } });

/** A view with something in every part. */
function fullState(): RunState {
  const state = fresh();
  state.settle(makeExperiment({ id: 0, kind: 'baseline' }));
  state.settle(makeExperiment({ id: 1 }));
  state.settleAudit(makeAudit());
  state.begin({ id: 2, kind: 'change', stage: 'waiting', usd: 0, title: 'next', agent: 'a', basis: { incumbent: 1, commit: 'c' } });
  return state;
}

/** Every object within, with its place. */
function objectsIn(value: unknown, path = 'run'): [string, object][] {
  if (typeof value !== 'object' || value === null) return [];
  return [[path, value] as [string, object], ...Object.entries(value).flatMap(([key, inner]) => objectsIn(inner, `${path}.${key}`))];
}

describe('the view of a run', () => {
  it('refuses every write, wherever it is', () => {
    const { view } = fullState();
    const places = objectsIn(view);
    expect(places.map(([path]) => path)).toEqual(
      expect.arrayContaining(['run.counts', 'run.history', 'run.history.1.reason', 'run.pending.0']),
    );
    for (const [path, object] of places) {
      for (const key of [...Object.keys(object), 'added']) {
        expect(() => Object.assign(object, { [key]: 1000 }), `${path}.${key}`).toThrow(TypeError);
        if (key !== 'added') expect(() => Reflect.deleteProperty(object, key) || fail(), `${path}.${key}`).toThrow();
      }
    }
    for (const change of ['push', 'pop', 'sort', 'reverse', 'splice', 'fill'] as const) {
      expect(() => (view.history as unknown as unknown[])[change](0 as never), change).toThrow(TypeError);
    }
    expect(() => Object.assign(view.history, { length: 0 })).toThrow(TypeError);
  });

  it('stays as it was while the run goes on', () => {
    const state = fullState();
    const { view } = state;
    const before = JSON.stringify(view);
    state.settle(makeExperiment({ id: 2, candidate: '2'.repeat(40) }));
    state.settleAudit(makeAudit({ rolledBack: true }));
    state.spend(5);
    state.begin({
      id: 3,
      kind: 'change',
      stage: 'proposing',
      usd: 0,
      title: '',
      agent: '',
      basis: { incumbent: 2, commit: '2'.repeat(40) },
    });
    expect(JSON.stringify(view)).toBe(before);
    expect(state.view).not.toBe(view);
    expect([view.history.length, state.view.history.length]).toEqual([2, 3]);
    expect([view.pending.map(({ id }) => id), state.view.pending.map(({ id }) => id)]).toEqual([[2], [3]]);
  });

  it('can be frozen again, as everything that is shown to plugins', () => {
    const { history } = fullState().view;
    expect(Object.isFrozen(Object.freeze(history))).toBe(true);
    expect([history.length, history[1]?.id, [...history].length]).toEqual([2, 1, 2]);
  });

  it('is folded by plugins as it grows, each experiment once', () => {
    const state = fresh();
    const seen: number[] = [];
    const fold = foldHistory({ start: () => seen, follow: (list, { id }) => (list.push(id), list) });
    for (let id = 0; id < 50; id++) {
      state.fold(makeSummary({ id }));
      if (id % 3 === 0) fold(state.view);
    }
    expect(fold(state.view)).toEqual(Array.from({ length: 50 }, (_, id) => id));
  });
});

describe('a gate that writes to what it is shown', () => {
  it('does not end the run, nor change what is counted', async () => {
    const repo = makeProject({ agent: stepsAgent([set(0.5), set(0.7), set(0.25)]) });
    const views: RunView[] = [];
    const lengths: number[][] = [];
    const { experiments } = await runProject(repo.dir, {
      onAssembled: ({ hooks }) => {
        hooks.screen.tapPromise('cheat', async (_candidate, view) => {
          views.push(view);
          const before = view.history.length;
          expect(() => Object.assign(view.counts, { keep: 1000 })).toThrow(TypeError);
          await new Promise((resolve) => setTimeout(resolve, 5));
          lengths.push([before, view.history.length]);
          return undefined as never;
        });
      },
    });
    expect(experiments.map(({ verdict }) => verdict)).toEqual(['keep', 'keep', 'discard', 'keep']);
    expect(views.map(({ history }) => history.length)).toEqual([1, 2, 3]);
    expect(lengths.every(([before, after]) => before === after)).toBe(true);
    expect(await problemsOf(repo.dir)).toEqual([]);
  });
});

function fail(): never {
  throw new Error('it was deleted');
}
