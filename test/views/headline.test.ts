import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guardNames, headlineOf, type HeadlineFacts } from '../../src/views/headline.ts';

const night: HeadlineFacts = {
  run: 'night',
  label: 'val_bpb',
  state: 'stopped',
  code: 'BUDGET_EXPERIMENTS',
  baseline: 2,
  gain: 0.032,
  experiments: 40,
  kept: 5,
  rolledBack: 0,
  incumbent: 31,
  audit: { value: 0.03, shown: 'gain', to: 31 },
  failures: [],
  guards: ['recall'],
  takenBackFor: [],
  waiting: 0,
  approved: 0,
};

const situations: readonly (readonly [
  name: string,
  facts: Partial<HeadlineFacts>,
  result: string,
  guards: string,
  decide: string,
  next: string,
])[] = [
  [
    'an audited gain',
    {},
    'val_bpb is 1.50% better, as audited',
    'held in the audit: recall',
    'whether to take over 5 kept changes',
    'review night',
  ],
  [
    'an audit that found no gain, whatever the raw scores say',
    { audit: { value: 0.001, shown: 'none', to: 31 } },
    "no gain shown: the audit cannot tell val_bpb from the baseline's",
    'held in the audit: recall',
    'nothing: 5 kept changes without a gain that is shown',
    'report night',
  ],
  [
    'an audited loss, with a guard that failed',
    { audit: { value: -0.02, shown: 'loss', to: 31 }, failures: ['recall fell by 2 pp'] },
    'val_bpb is 1.00% worse, as audited',
    'failed in the audit: recall fell by 2 pp',
    'nothing: 5 kept changes without a gain that is shown',
    'report night',
  ],
  [
    'keeps after the audit',
    { incumbent: 38 },
    'val_bpb is 1.50% better, as audited, up to #31; what was kept later is not audited',
    'held in the audit: recall',
    'whether to take over 5 kept changes',
    'review night',
  ],
  [
    'no audit',
    { audit: null, failures: null, guards: [] },
    'val_bpb looks 1.60% better; that is not audited',
    'none are set',
    'whether to take over 5 kept changes',
    'review night',
  ],
  [
    'nothing kept',
    { kept: 0, audit: null, failures: null, gain: 0 },
    'no improvement of val_bpb: 40 experiments brought nothing better than the baseline',
    'nothing was kept that they could object to: recall',
    'nothing',
    'report night',
  ],
  [
    'everything taken back',
    { kept: 0, rolledBack: 3, audit: null, failures: null, takenBackFor: ['recall fell'] },
    'no gain is left: an audit took back 3 kept changes',
    'nothing was kept that they could object to: recall; 3 kept changes taken back: recall fell',
    'nothing',
    'report night',
  ],
  [
    'changes that wait',
    { waiting: 2 },
    'val_bpb is 1.50% better, as audited',
    'held in the audit: recall',
    '2 changes wait for approval',
    'review night',
  ],
  [
    'changes that are approved',
    { approved: 1 },
    'val_bpb is 1.50% better, as audited',
    'held in the audit: recall',
    'whether to promote 1 approved change',
    'promote night',
  ],
  [
    'a run that was interrupted',
    { state: 'interrupted' },
    'val_bpb is 1.50% better, as audited',
    'held in the audit: recall',
    'whether to take over 5 kept changes',
    'resume night',
  ],
  [
    'a run that goes on',
    { state: 'running', code: '' },
    'val_bpb is 1.50% better, as audited',
    'held in the audit: recall',
    'nothing yet',
    'log night',
  ],
  [
    'a baseline that failed',
    { state: 'failed', code: 'BASELINE_FAILED', baseline: null, gain: null, experiments: 0, kept: 0, audit: null, failures: null },
    'nothing was measured: the baseline failed',
    'nothing was kept that they could object to: recall',
    'nothing; correct what failed: its output is in .autoresearch/night/',
    'check --measure',
  ],
  [
    'a stop before the baseline was done',
    { state: 'failed', code: 'INTERRUPTED', baseline: null, gain: null, experiments: 0, kept: 0, audit: null, failures: null },
    'nothing was measured: the run ended before its baseline was done',
    'nothing was kept that they could object to: recall',
    'nothing',
    'resume night',
  ],
  [
    'a disk that was full before the baseline was done',
    { state: 'failed', code: 'DISK_FULL', baseline: null, gain: null, experiments: 0, kept: 0, audit: null, failures: null },
    'nothing was measured: the run ended before its baseline was done',
    'nothing was kept that they could object to: recall',
    'nothing',
    'resume night',
  ],
  [
    'a baseline of zero',
    { baseline: 0 },
    'val_bpb is 0.0300 better, as audited',
    'held in the audit: recall',
    'whether to take over 5 kept changes',
    'review night',
  ],
];

describe('the headline of a run', () => {
  it.each(situations)('%s', (_name, facts, result, guards, decide, next) => {
    expect(headlineOf({ ...night, ...facts })).toEqual({ tone: expect.any(String), result, guards, decide, next: `autoresearch ${next}` });
  });

  it('has one figure for the gain at most, and none where none is shown', () => {
    const facts = fc.record({
      run: fc.constant('night'),
      label: fc.constant('loss'),
      code: fc.constantFrom('', 'PATIENCE', 'BASELINE_FAILED', 'CRASHES'),
      state: fc.constantFrom('running', 'stopped', 'interrupted', 'failed'),
      baseline: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
      gain: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
      experiments: fc.nat(100),
      kept: fc.nat(9),
      rolledBack: fc.nat(9),
      waiting: fc.nat(3),
      approved: fc.nat(3),
      incumbent: fc.option(fc.nat(100)),
      audit: fc.option(
        fc.record({
          value: fc.double({ noNaN: true, noDefaultInfinity: true }),
          shown: fc.constantFrom('gain', 'none', 'loss'),
          to: fc.nat(100),
        }),
      ),
      failures: fc.option(fc.array(fc.constant('recall fell'))),
      guards: fc.array(fc.constant('recall')),
      takenBackFor: fc.array(fc.constant('recall fell')),
    });
    fc.assert(
      fc.property(facts, (given) => {
        const { result, next, tone } = headlineOf(given);
        expect(result.split('%').length - 1).toBeLessThanOrEqual(1);
        expect(next).toMatch(/^autoresearch (check --measure|(review|log|resume|report|promote) night)$/);
        if (given.baseline === null || given.kept === 0 || given.audit?.shown === 'none') expect(result).not.toContain('%');
        if (tone === 'good') expect(given.audit?.shown).toBe('gain');
      }),
    );
  });

  it('names guards by their metrics', () => {
    expect(guardNames([{ use: 'posterior' }, { use: 'guardrail', with: { metric: 'recall', max: 1 } }, { use: 'guardrail' }])).toEqual([
      'recall',
      'guardrail',
    ]);
  });
});
