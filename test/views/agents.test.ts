import { expect, it } from 'vitest';
import type { Proposal, SettledExperiment } from '../../src/experiment.ts';
import { makeExperiment } from '../../src/testing.ts';
import { summarize } from '../../src/model/summarize.ts';
import { countAgents, tallyAgents } from '../../src/views/agents.ts';
import { rankKeeps } from '../../src/views/rank.ts';
import { paperOf, reportOf } from '../page/report-of.ts';

const base = makeExperiment();
const made = (proposal: Partial<Proposal>, partial: Partial<SettledExperiment> = {}) =>
  makeExperiment({ verdict: 'discard', ...partial, proposal: { ...base.proposal, ...proposal } });

const EXPERIMENTS = [
  made({ agent: 'engine', source: 'engine' }, { id: 0, kind: 'baseline', verdict: 'keep' }),
  made(
    { agent: 'opus', expected: { delta: -0.2, confidence: 0.8 }, usage: { inputTokens: 100, outputTokens: 20, usd: 0.5 } },
    { id: 1, verdict: 'keep', delta: -0.1 },
  ),
  made({ agent: 'opus', expected: { delta: -0.4, confidence: 0.6 }, usage: { usd: 0.25 } }, { id: 2, delta: 0.1 }),
  made({ agent: 'opus', expected: { confidence: 1 } }, { id: 3, verdict: 'crash', score: null, delta: null }),
  made(
    { agent: 'opus' },
    { id: 4, crashed: [{ candidate: '1'.repeat(40), reason: { code: 'TRIAL_FAILED', text: '' }, trials: [], fix: 'mended' }], delta: 0 },
  ),
  made({ agent: 'search' }, { id: 5, candidate: null, score: null, delta: null }),
];

it('counts for each agent what it brought and how well it knew', () => {
  const [opus, search, ...others] = tallyAgents(EXPERIMENTS, 'minimize');
  expect(others).toEqual([]);
  expect(opus).toMatchObject({ agent: 'opus', experiments: 4, keeps: 1, crashes: 1, empty: 0, mended: 1, tokens: 120, usd: 0.75 });
  expect(opus?.predicted).toMatchObject({ count: 2, right: 1 });
  expect(opus?.predicted?.meanExpected).toBeCloseTo(0.3);
  expect(opus?.predicted?.meanMeasured).toBeCloseTo(0);
  expect(opus?.confidence).toMatchObject({ count: 2, keptShare: 0.5 });
  expect(opus?.confidence?.mean).toBeCloseTo(0.7);
  expect(search).toMatchObject({ agent: 'search', experiments: 1, empty: 1, predicted: null, confidence: null });
  expect(tallyAgents(EXPERIMENTS, 'maximize')[0]?.predicted?.meanExpected).toBeCloseTo(-0.3);
});

it('adds up what the keeps of each are worth, and puts what was asked for in vain to the account of the asked', async () => {
  const usage = { inputTokens: 10, usd: 0.2 };
  const declined = [
    { agent: 'haiku', kind: 'turn-limit', seconds: 1, usage },
    { agent: 'search', kind: 'crash', seconds: 1 },
  ];
  const experiments = [
    ...EXPERIMENTS,
    made({ agent: 'opus', usage: { inputTokens: 30, usd: 0.5 }, declined }, { id: 6, verdict: 'keep', delta: -0.3 }),
  ];
  const keeps = rankKeeps(experiments.map(summarize), 'minimize');
  const [opus, search, haiku] = tallyAgents(experiments, 'minimize', keeps);
  expect(opus?.gained).toBeCloseTo(0.4);
  expect(opus?.usd).toBeCloseTo(1.05);
  expect(opus?.tokens).toBe(140);
  expect(search).toMatchObject({ agent: 'search', gained: 0, usd: 0 });
  expect(haiku).toMatchObject({ agent: 'haiku', experiments: 0, gained: 0, tokens: 10, usd: 0.2 });
  const page = paperOf(await reportOf(experiments));
  const row = /<td>opus<\/td>.*?<\/tr>/s
    .exec(page)?.[0]
    .replaceAll(/<[^>]*>|\s+/g, ' ')
    .replaceAll(/ +/g, ' ');
  expect(row).toContain(' 0.400 0.0800 140 $1.05 0.3810 ');
});

it('counts for the status how many experiments each had, without baseline and controls', () => {
  const rows = [...EXPERIMENTS.map(summarize), { ...summarize(made({ agent: 'opus' })), kind: 'control' as const }];
  expect(countAgents(rows)).toEqual([
    { agent: 'opus', experiments: 4, keeps: 1 },
    { agent: 'search', experiments: 1, keeps: 0 },
  ]);
});

it('is on the report, where what nobody counted is unknown and not nothing', async () => {
  const page = paperOf(await reportOf(EXPERIMENTS));
  expect(page).toContain('1 of 2 predictions went its way');
  expect(page).toContain('70 % against 50 % of 2');
  expect(page).not.toContain('$0.00');
  expect(page).toContain('unknown');
});
