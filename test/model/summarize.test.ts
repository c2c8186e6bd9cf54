import { describe, expect, it } from 'vitest';
import { summarize } from '../../src/model/summarize.ts';
import type { Estimate, Judgement } from '../../src/plugin.ts';
import { makeExperiment, makeTrial } from '../../src/testing.ts';

const proposal = { title: 'wider', hypothesis: '', rationale: '', risks: [], agent: 'test', source: 'schema' } as const;
/** With nothing that may be absent. */
const bare = makeExperiment({ proposal, trials: [], score: null, candidate: null, metrics: {}, basis: { incumbent: null, commit: 'c' } });
const estimate = (effect: number): Estimate => ({ effect, low: -1, high: 1, pGain: 0.5, n: 1, method: 'm' });
const judgement = (more: Partial<Judgement>): Judgement => ({ gate: 'g', outcome: 'pass', code: 'OK', reason: '', ...more });

describe('what is remembered of an experiment', () => {
  it('is no more than there is', () => {
    expect(summarize(bare)).toEqual({
      id: 1,
      kind: 'change',
      basis: null,
      incumbent: null,
      verdict: 'keep',
      reason: { code: 'BETTER', text: 'The score is better.' },
      title: 'wider',
      agent: 'test',
      score: null,
      delta: null,
      parent: bare.parent,
      candidate: null,
      seconds: 60,
      metrics: {},
    });
    // Nothing is there that is only undefined: a record that is read from a ledger has no such members.
    expect(Object.values(summarize(bare))).not.toContain(undefined);
    expect(Object.values(summarize(makeExperiment()))).not.toContain(undefined);
  });

  it('is all that it has', () => {
    const declined = [{ agent: 'a', code: 'X', reason: 'r' }] as never;
    const seeds = { rule: 'fresh', independent: 2, squares: 1, df: 1 } as never;
    const found = summarize(
      makeExperiment({
        basis: { incumbent: 3, commit: 'c' },
        incumbent: { id: 4, score: 6 },
        delta: -1,
        key: 'k',
        again: 0,
        origin: 'b#2',
        whole: true,
        wallSeconds: 0,
        proposal: { ...proposal, params: { LR: 0.2 }, seconds: 0, usage: { usd: 0, inputTokens: 5, outputTokens: 7 }, declined },
        score: { value: 5, spread: 0.5, n: 2, beside: { value: 6, spread: 0 }, seeds, setAside: [{ index: 1, score: 9 }] },
        trials: [makeTrial({ slot: 'a', hardware: 'H100', seconds: 5 }), makeTrial({ slot: 'b', seconds: 7 })],
      }),
    );
    expect(found).toMatchObject({ basis: 3, incumbent: 4, delta: -1, key: 'k', again: 0, origin: 'b#2', whole: true, wallSeconds: 0 });
    expect(found).toMatchObject({ params: { LR: 0.2 }, proposalSeconds: 0, usd: 0, tokens: 12, declined });
    expect(found).toMatchObject({
      score: 5,
      spread: 0.5,
      n: 2,
      beside: { value: 6, spread: 0 },
      seeds,
      setAside: [{ index: 1, score: 9 }],
    });
    expect(found).toMatchObject({ slot: 'a', hardware: 'H100', trialSeconds: 12, metrics: { score: 1 } });
    expect('lost' in found).toBe(false);
  });

  it('has the place of the first trial, and a class of hardware only where that has one', () => {
    const place = summarize(makeExperiment({ trials: [makeTrial({ slot: 'a' }), makeTrial({ slot: 'b', hardware: 'H100' })] }));
    expect([place.slot, 'hardware' in place]).toEqual(['a', false]);
  });

  it('adds up the trials beside it and those of attempts that crashed', () => {
    const found = summarize(
      makeExperiment({
        trials: [makeTrial({ seconds: 1, lost: [{}, {}] as never })],
        beside: [makeTrial({ seconds: 2 })],
        crashed: [{ candidate: 'c', reason: { code: 'X', text: '' }, fix: '', trials: [makeTrial({ seconds: 4, lost: [{}] as never })] }],
      }),
    );
    expect(found).toMatchObject({ trialSeconds: 7, lost: 3 });
  });

  it.each([
    [{ inputTokens: 5 }, { tokens: 5 }],
    [{ outputTokens: 7 }, { tokens: 7 }],
    [{ inputTokens: 0, outputTokens: 0 }, { tokens: 0 }],
    [{ usd: 1 }, { usd: 1 }],
    [{}, {}],
  ])('counts of the usage %j: %j', (usage, expected) => {
    const { usd, tokens } = summarize({ ...bare, proposal: { ...proposal, usage } });
    expect({ ...(usd !== undefined && { usd }), ...(tokens !== undefined && { tokens }) }).toEqual(expected);
  });
});

describe('what gates have said', () => {
  const summaryOf = (judgements: readonly Judgement[], verdict: 'keep' | 'discard' = 'keep') => summarize({ ...bare, judgements, verdict });

  it('is the last estimate, and what each has noted', () => {
    const found = summaryOf([
      judgement({ gate: 'a', estimate: estimate(1), note: { n: 1 } }),
      judgement({ gate: 'b', estimate: estimate(2), note: null }),
      judgement({ gate: 'c' }),
      judgement({ gate: 'a', note: { n: 2 } }),
    ]);
    expect(found).toMatchObject({ estimate: { effect: 2 }, notes: { a: { n: 2 }, b: null } });
    expect(Object.keys(found.notes ?? {})).toEqual(['a', 'b']);
    expect('belief' in found).toBe(false);
    expect('notes' in summaryOf([judgement({})])).toBe(false);
  });

  it('is the last belief, unless it was of a change that then was not kept', () => {
    const [first, last] = [
      { m: 1, v: 1 },
      { m: 2, v: 2 },
    ] as never[];
    const beliefOf = (outcome: Judgement['outcome'], verdict: 'keep' | 'discard') =>
      summaryOf([judgement({ belief: first as never }), judgement({ outcome, belief: last as never }), judgement({})], verdict).belief;
    expect([beliefOf('pass', 'keep'), beliefOf('fail', 'discard'), beliefOf('fail', 'keep')]).toEqual([last, last, last]);
    expect(beliefOf('pass', 'discard')).toBeUndefined();
    expect(Object.keys(summaryOf([judgement({ belief: last as never })], 'discard'))).not.toContain('belief');
  });
});
