import fc from 'fast-check';
import type { PageRow } from '../../src/page/model.ts';

export type Draft = PageRow;

/** Rows of a run, their ids counted from 0, in any order. */
export const rows: fc.Arbitrary<Draft[]> = fc
  .array(
    fc.record(
      {
        kind: fc.constantFrom('baseline' as const, 'control' as const, 'change' as const),
        verdict: fc.constantFrom('keep' as const, 'discard' as const, 'crash' as const, 'review' as const),
        code: fc.constantFrom('BETTER', 'NOT_BETTER'),
        title: fc.constantFrom('a', 'ab', 'b', 'c', '<b>'),
        score: fc.double({ min: -10, max: 10, noNaN: true }),
        delta: fc.double({ min: -10, max: 10, noNaN: true }),
        agent: fc.constantFrom('search', 'codex'),
        seconds: fc.nat(100),
        cost: fc.double({ min: 0, max: 5, noNaN: true }),
        undone: fc.constant(true as const),
      },
      { requiredKeys: ['kind', 'verdict', 'code', 'title', 'agent', 'seconds'] },
    ),
    { maxLength: 60 },
  )
  .chain((list) =>
    fc.shuffledSubarray(
      list.map((row, id): Draft => ({ ...row, id })),
      { minLength: list.length, maxLength: list.length },
    ),
  );
