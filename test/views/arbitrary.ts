import fc from 'fast-check';
import type { Curve, Judgement, Proposal, Score, SettledExperiment, Trial } from '../../src/experiment.ts';
import type { AuditRecord } from '../../src/ledger/records.ts';

const number = fc.double({ min: -1e100, max: 1e100, noNaN: true });
const amount = fc.double({ min: 0, max: 1e6, noNaN: true });
const text = fc.string({ unit: 'binary', maxLength: 60 });
const word = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
const commit = fc.stringMatching(/^[0-9a-f]{40}$/);
const time = fc
  .date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
  .map((date) => date.toISOString());
const metrics = fc.dictionary(fc.stringMatching(/^[a-z_]{1,12}$/), number, { maxKeys: 4, noNullPrototype: true });
const nullable = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null });

const proposal: fc.Arbitrary<Proposal> = fc.record(
  {
    title: text,
    hypothesis: text,
    rationale: text,
    risks: fc.array(text, { maxLength: 3 }),
    agent: word,
    source: fc.constantFrom('schema', 'tool', 'file', 'fenced', 'derived', 'engine'),
    params: fc.dictionary(word, fc.oneof(fc.boolean(), number, text), { maxKeys: 3, noNullPrototype: true }),
    expected: fc.record({ delta: number, confidence: fc.double({ min: 0, max: 1, noNaN: true }) }, { requiredKeys: [] }),
    usage: fc.record({ requests: fc.nat(), inputTokens: fc.nat(), outputTokens: fc.nat(), usd: amount }, { requiredKeys: [] }),
  },
  { requiredKeys: ['title', 'hypothesis', 'rationale', 'risks', 'agent', 'source'] },
);

const curve: fc.Arbitrary<Curve> = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), number), { maxLength: 4 });

const trialFields = {
  index: fc.nat(20),
  state: fc.constantFrom('finished', 'measured'),
  seed: fc.integer(),
  slot: word,
  commit,
  startedAt: time,
  exit: fc.constantFrom('completed', 'failed', 'timed-out', 'aborted', 'stopped'),
  exitCode: nullable(fc.integer({ min: 0, max: 255 })),
  signal: nullable(fc.constantFrom('SIGTERM', 'SIGKILL')),
  seconds: amount,
  peakMemoryMb: nullable(amount),
  metrics,
} as const;
const trial: fc.Arbitrary<Trial> = fc.record(
  { ...trialFields, curves: fc.dictionary(fc.stringMatching(/^[a-z_]{1,12}$/), curve, { maxKeys: 2, noNullPrototype: true }) },
  {
    requiredKeys: [
      'index',
      'state',
      'seed',
      'slot',
      'commit',
      'startedAt',
      'exit',
      'exitCode',
      'signal',
      'seconds',
      'peakMemoryMb',
      'metrics',
    ],
  },
);

const judgement: fc.Arbitrary<Judgement> = fc.record(
  {
    gate: word,
    outcome: fc.constantFrom('pass', 'fail', 'more', 'review'),
    code: word,
    reason: text,
    estimate: fc.record({
      effect: number,
      low: number,
      high: number,
      pGain: nullable(fc.double({ min: 0, max: 1, noNaN: true })),
      n: fc.integer({ min: 1, max: 9 }),
      method: word,
    }),
    belief: fc.record({ mean: number, sd: amount }),
    evidence: fc.dictionary(word, fc.jsonValue() as fc.Arbitrary<number>, { maxKeys: 3, noNullPrototype: true }),
  },
  { requiredKeys: ['gate', 'outcome', 'code', 'reason'] },
);

const score: fc.Arbitrary<Score> = fc.record({ value: number, spread: amount, n: fc.integer({ min: 1, max: 9 }) });

/** Any record the types allow, with the strangest words. */
export const settledExperiment: fc.Arbitrary<SettledExperiment> = fc.record({
  v: fc.constant(1 as const),
  run: word,
  id: fc.nat(100_000),
  kind: fc.constantFrom('baseline', 'control', 'change'),
  basis: fc.record({ incumbent: nullable(fc.nat(100_000)), commit }),
  state: fc.constant('settled' as const),
  startedAt: time,
  parent: commit,
  proposal,
  candidate: nullable(commit),
  changes: fc.array(
    fc.record({ path: word, kind: fc.constantFrom('added', 'modified', 'deleted', 'mode', 'type', 'symlink', 'repository') }),
    { maxLength: 3 },
  ),
  diff: nullable(fc.record({ files: fc.nat(), added: fc.nat(), removed: fc.nat() })),
  trials: fc.array(trial, { maxLength: 3 }),
  metrics,
  score: nullable(score),
  judgements: fc.array(judgement, { maxLength: 3 }),
  verdict: fc.constantFrom('keep', 'discard', 'crash', 'review'),
  reason: fc.record({ code: word, text }),
  delta: nullable(number),
  incumbent: nullable(fc.record({ id: fc.nat(), score: number })),
  settledAt: time,
  seconds: amount,
});

/** A history: ids count up from 0. */
export const history: fc.Arbitrary<SettledExperiment[]> = fc.array(settledExperiment, { maxLength: 12 }).map((list) =>
  // A control is never kept.
  list.map((experiment, id) => ({ ...experiment, id, ...(experiment.verdict === 'keep' && { kind: 'change' }) }) as const),
);

const named = (most: number) => fc.record({ id: fc.nat(most), commit });

/** Audits of such a history: whatever was found, in the order of the experiments; a missing interval is null, as JSON has it. */
export const audits: fc.Arbitrary<AuditRecord[]> = fc
  .array(
    fc.record({
      at: time,
      occasion: fc.constantFrom('end' as const, 'keeps' as const),
      final: named(11),
      anchor: named(3),
      trials: fc.record({ final: fc.array(trial, { maxLength: 2 }), anchor: fc.array(trial, { maxLength: 2 }) }),
      claim: fc.record({
        value: number,
        low: fc.oneof(number, fc.constant(null as unknown as number)),
        high: number,
        df: fc.nat(9),
        shown: fc.constantFrom('gain' as const, 'none' as const, 'loss' as const),
      }),
      raw: number,
      failures: fc.array(text, { maxLength: 2 }),
      rolledBack: fc.boolean(),
      text,
    }),
    { maxLength: 3 },
  )
  .map((list) => list.toSorted((a, b) => a.final.id - b.final.id).map((audit) => ({ v: 1, kind: 'audit', after: audit.final.id, audit })));
