import { describe, expect, it } from 'vitest';
import {
  asCommitted,
  asProposed,
  asScored,
  committed,
  proposed,
  scored,
  settled,
  unchanged,
  withTrials,
} from '../../src/model/experiment-states.ts';
import { makeExperiment, makeTrial } from '../../src/testing.ts';

const basis = { incumbent: 3, commit: 'a'.repeat(40) };
const facts = { run: 'night', id: 4, kind: 'change', basis, startedAt: '2026-01-01T00:00:00.000Z' } as const;
const proposal = { title: 'idea', hypothesis: '', rationale: '', risks: [], agent: 'test', source: 'schema' } as const;
const made = { candidate: 'b'.repeat(40), changes: [], diff: null, key: 'k' };
const score = { value: 5, spread: 0, n: 2 };
const incumbent = makeExperiment({ id: 3, score: { value: 6, spread: 0, n: 1 } });
const circumstances = { settledAt: '2026-01-01T00:01:00.000Z', seconds: 60 };
const trials = [makeTrial({ metrics: { loss: 4 } }), makeTrial({ metrics: { loss: 6 } }), makeTrial({ state: 'finished', metrics: {} })];

describe('an experiment', () => {
  it('goes from its proposal to its verdict, each state made of the one before', () => {
    const first = proposed(facts, proposal);
    expect(first).toEqual({ v: 1, ...facts, state: 'proposed', parent: basis.commit, proposal });
    const second = committed(first, made);
    const nothing = { trials: [], metrics: {}, score: null, judgements: [] };
    expect(second).toEqual({ ...first, ...made, ...nothing, state: 'committed' });
    const third = withTrials(second, trials);
    expect(third).toEqual({ ...second, trials, metrics: { loss: 5 } });
    expect(scored(third, score)).toEqual({ ...third, state: 'scored', score });
    const reason = { code: 'BETTER', text: '' };
    const last = settled({ experiment: third, verdict: 'keep', reason, score }, { incumbent, ...circumstances });
    const compared = { delta: -1, incumbent: { id: 3, score: 6 }, judgements: [] };
    expect(last).toEqual({ ...third, ...circumstances, ...compared, state: 'settled', score, verdict: 'keep', reason });
    for (const state of [first, second, third, last])
      expect([Object.isFrozen(state), Object.isFrozen(state.proposal)]).toEqual([true, true]);
    expect(asScored(last)).toEqual(scored(third, score));
    expect(asCommitted(last, 'base')).toEqual(second);
  });

  it('that never became a commit is settled without one', () => {
    const reason = { code: 'NO_CHANGE', text: '' };
    const last = settled({ experiment: proposed(facts, proposal), verdict: 'discard', reason }, { incumbent: null, ...circumstances });
    expect(last).toMatchObject({
      candidate: null,
      changes: [],
      diff: null,
      trials: [],
      metrics: {},
      score: null,
      delta: null,
      incumbent: null,
    });
    expect(asScored(last)).toBeNull();
    expect(asCommitted(last, 'base').candidate).toBe('base');
  });

  it('is compared with the incumbent beside it, else on its seed, else as it was measured', () => {
    const compare = (more: object) =>
      settled(
        { experiment: proposed(facts, proposal), verdict: 'discard', reason: { code: 'X', text: '' }, score: { ...score, ...more } },
        { incumbent, ...circumstances },
      );
    const seeds = { seeds: { rule: 'shared', expected: 8 } };
    const beside = { beside: { value: 9, spread: 0 } };
    expect([compare({}), compare(seeds), compare({ ...seeds, ...beside })].map(({ delta }) => delta)).toEqual([-1, -3, -4]);
    const unscored = makeExperiment({ id: 3, score: null });
    const alone = settled(
      { experiment: proposed(facts, proposal), verdict: 'keep', reason: { code: 'X', text: '' }, score },
      { incumbent: unscored, ...circumstances },
    );
    expect([alone.delta, alone.incumbent]).toEqual([null, null]);
    const first = settled(
      { experiment: proposed(facts, proposal), verdict: 'keep', reason: { code: 'X', text: '' }, score: { ...score, ...beside } },
      { incumbent: null, ...circumstances },
    );
    expect([first.delta, first.incumbent]).toEqual([null, null]);
  });

  it('goes back to before it had a commit, with all that has happened to it since it was proposed', () => {
    const first = proposed(facts, proposal);
    const happened = {
      again: 0,
      origin: 'b#2',
      moved: { candidate: 'm', parent: 'p' },
      conflict: { onto: 'o', paths: ['a'] },
      crashed: [{ candidate: 'c', reason: { code: 'X', text: '' }, trials: [], fix: '' }],
    };
    for (const since of [{}, happened]) {
      const back = asProposed(withTrials(committed({ ...first, ...since }, made), trials));
      expect(back).toEqual({ ...first, ...since });
      expect(Object.keys(back)).toHaveLength(Object.keys({ ...first, ...since }).length);
      expect([Object.isFrozen(back), back.state]).toEqual([true, 'proposed']);
      expect(asProposed(back)).toEqual(back);
    }
  });

  it('was scored only if it had both a commit and a score', () => {
    expect(asScored(makeExperiment({ candidate: null }))).toBeNull();
    expect(asScored(makeExperiment({ score: null }))).toBeNull();
    expect(asScored(makeExperiment())).toMatchObject({ state: 'scored', judgements: [] });
  });

  it('of the engine changes nothing: its candidate is what it is made on, unless another one is named', () => {
    const control = unchanged({ ...facts, kind: 'control' }, { rationale: 'why' });
    expect(control).toMatchObject({ parent: basis.commit, candidate: basis.commit, changes: [], diff: { files: 0, added: 0, removed: 0 } });
    expect(control.proposal).toEqual({ ...proposal, title: 'control', rationale: 'why', agent: 'engine', source: 'engine' });
    const other = unchanged(facts, { title: 'measurement', candidate: 'c' });
    expect([other.candidate, other.parent, other.proposal.title, other.proposal.rationale]).toEqual(['c', basis.commit, 'measurement', '']);
    const { startedAt: _, ...now } = facts;
    expect(Math.abs(Date.parse(unchanged(now).startedAt) - Date.now())).toBeLessThan(60_000);
  });
});
