import { describe, expect, it } from 'vitest';
import { makeContext, makeExperiment, makeRunView, testPlugin } from '../../../src/testing.ts';
import type { Proposal } from '../../../src/plugin.ts';
import rationale from './index.ts';

testPlugin(rationale, {
  options: { valid: [{}, { words: 10, risks: 2, hypothesis: true }], invalid: [{ words: 0 }, { risks: -1 }, { why: true }] },
});

const judge = async (proposal: Partial<Proposal>, options: { words?: number; risks?: number; hypothesis?: boolean } = {}) => {
  const base = makeExperiment({ state: 'committed' });
  const gate = rationale.create({ words: 5, risks: 1, hypothesis: false, ...options }, makeContext());
  return gate.screen?.(makeExperiment({ state: 'committed', proposal: { ...base.proposal, ...proposal } }), makeRunView());
};

describe('the rationale gate', () => {
  it('lets a change with a why and a risk be trained', async () => {
    expect(await judge({ rationale: 'The loss still falls at the end.', risks: ['It may diverge.'] })).toMatchObject({ outcome: 'pass' });
    expect(await judge({ rationale: '學習率太高導致發散', risks: ['發散'] })).toMatchObject({ outcome: 'pass' });
  });

  it.each([
    ['no why', { rationale: '' }, 'a rationale of at least 5 words (it has 0)'],
    ['a why of signs', { rationale: '--- ... !!! ??? ***' }, 'a rationale of at least 5 words (it has 0)'],
    ['no risks', { risks: [] }, 'at least 1 named risk (it has 0)'],
    ['an empty risk', { risks: [' ', '-'] }, 'at least 1 named risk (it has 0)'],
  ])('refuses %s, and says what is missing', async (_what, proposal, text) => {
    const result = await judge(proposal);
    expect(result).toMatchObject({ outcome: 'fail', code: 'RATIONALE_MISSING' });
    expect(result?.reason).toContain(text);
  });

  it('asks for a hypothesis only where the config does', async () => {
    expect(await judge({ hypothesis: '' })).toMatchObject({ outcome: 'pass' });
    expect(await judge({ hypothesis: '' }, { hypothesis: true })).toMatchObject({
      outcome: 'fail',
      reason: 'the report lacks a hypothesis',
    });
  });
});
