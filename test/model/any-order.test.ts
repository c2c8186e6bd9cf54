/** Experiments that settle in any order, on any basis, with audits that undo keeps: one fold against a naive replay. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deepFreeze, type SettledExperiment, type Verdict } from '../../src/experiment.ts';
import { completeSummaries } from '../../src/ledger/older-records.ts';
import type { AuditRecord, LedgerRecord } from '../../src/ledger/records.ts';
import { summarize } from '../../src/model/summarize.ts';
import { checkOrder } from '../../src/ledger/verify-order.ts';
import { incumbentsOf } from '../../src/model/incumbents.ts';
import { RunState } from '../../src/model/run-state.ts';
import { undoneKeeps } from '../../src/plugin.ts';
import { makeAudit, makeExperiment } from '../../src/testing.ts';
import { incumbentSteps, rolledBack } from '../../src/views/incumbent-steps.ts';
import { totalsOf } from '../../src/views/rank.ts';

const BASE = commitOf(999);
const OPENED = { v: 1, kind: 'opened', run: 'night', base: BASE } as unknown as LedgerRecord;

function commitOf(id: number): string {
  return id.toString(16).padStart(40, '0');
}

interface Flight {
  readonly id: number;
  readonly kind: SettledExperiment['kind'];
  readonly basis: SettledExperiment['basis'];
}

/** What happened in a run of several slots, as the ledger has it: what is begun, and which of those in flight is decided, is drawn. */
function play(width: number, draws: readonly Draw[]): { records: LedgerRecord[]; expected: Expected } {
  const records: LedgerRecord[] = [OPENED];
  /** The naive replay: the whole list of keeps that stand, with their scores, searched and cut at each step. */
  let standing: { id: number; score: number }[] = [];
  const undone: number[] = [];
  const counts: Record<Verdict, number> = { keep: 0, discard: 0, crash: 0, review: 0 };
  let flying: Flight[] = [];
  let next = 0;
  let last = -1;
  for (const { pick, verdict, score, audit, isControl } of draws) {
    while (flying.length < (standing.length === 0 ? 1 : width)) {
      const tip = standing.at(-1);
      const kind = tip === undefined ? 'baseline' : isControl ? 'control' : 'change';
      flying = [...flying, { id: next++, kind, basis: { incumbent: tip?.id ?? null, commit: tip ? commitOf(tip.id) : BASE } }];
    }
    const one = flying[pick % flying.length];
    if (one === undefined) throw new Error('nothing is in flight');
    flying = flying.filter((each) => each !== one);
    const tip = standing.at(-1);
    const decided = one.kind === 'baseline' ? 'keep' : one.kind === 'control' && verdict === 'keep' ? 'discard' : verdict;
    records.push(
      makeExperiment({
        ...one,
        run: 'night',
        parent: one.basis.commit,
        candidate: one.kind === 'control' ? one.basis.commit : commitOf(one.id),
        verdict: decided,
        reason: { code: 'DRAWN', text: '' },
        score: { value: score, spread: 0, n: 1 },
        delta: tip ? score - tip.score : null,
        incumbent: tip ? { id: tip.id, score: tip.score } : null,
      }),
    );
    last = one.id;
    if (one.kind === 'change') counts[decided] += 1;
    if (decided === 'keep') standing.push({ id: one.id, score });
    const final = standing.at(-1);
    const back = standing[audit % standing.length];
    if (audit > 0 && final && back && back !== final && decided === 'keep') {
      const named = ({ id }: { id: number }) => ({ id, commit: commitOf(id) });
      const anchor = standing[0] ?? back;
      records.push({
        v: 1,
        kind: 'audit',
        after: last,
        audit: makeAudit({
          final: named(final),
          anchor: named(anchor),
          back: named(back),
          rolledBack: true,
          trials: { final: [], anchor: [] },
        }),
      });
      undone.push(...standing.slice(standing.indexOf(back) + 1).map(({ id }) => id));
      standing = standing.slice(0, standing.indexOf(back) + 1);
    }
  }
  return { records, expected: { incumbent: standing.at(-1)?.id, score: standing.at(-1)?.score, undone, counts } };
}

interface Draw {
  readonly pick: number;
  readonly verdict: Verdict;
  readonly score: number;
  /** 0: no audit. */
  readonly audit: number;
  readonly isControl: boolean;
}

interface Expected {
  readonly incumbent: number | undefined;
  readonly score: number | undefined;
  readonly undone: readonly number[];
  readonly counts: Readonly<Record<Verdict, number>>;
}

const draw: fc.Arbitrary<Draw> = fc.record({
  pick: fc.nat(7),
  verdict: fc.constantFrom<Verdict>('keep', 'keep', 'discard', 'crash', 'review'),
  score: fc.double({ min: -5, max: 5, noNaN: true }),
  audit: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(5) }),
  isControl: fc.boolean(),
});
const schedule = fc.tuple(fc.integer({ min: 1, max: 8 }), fc.array(draw, { minLength: 1, maxLength: 40 }));

const partsOf = (records: readonly LedgerRecord[]) => ({
  experiments: records.filter((record): record is SettledExperiment => 'state' in record),
  audits: records.filter((record): record is AuditRecord => record.kind === 'audit'),
});

it('gives one incumbent, one set of counts and one set of undone keeps, in the state, the views and the check', () => {
  fc.assert(
    fc.property(schedule, ([width, draws]) => {
      const { records, expected } = play(width, draws);
      const { experiments, audits } = partsOf(records);
      const state = new RunState({ name: 'night', seed: 1, objective: { label: 'loss', direction: 'minimize' }, budget: {} });
      // A rollback goes to the last confirmed one: here, to the one that was drawn.
      for (const record of records) {
        if ('state' in record) state.settle(record);
        else if (record.kind === 'audit') {
          const target = experiments.find(({ id }) => id === record.audit.back?.id) ?? null;
          state.restore({ confirmed: target });
          state.settleAudit(deepFreeze(record.audit));
        }
      }
      const { view } = state;
      const rows = experiments.map(summarize);
      const totals = totalsOf(rows, 'minimize', audits);
      expect(view.counts).toEqual(expected.counts);
      expect([view.incumbent?.id, totals.incumbent?.id, incumbentSteps(rows, audits).at(-1)?.id]).toEqual(
        Array(3).fill(expected.incumbent),
      );
      expect(totals.incumbent?.score).toBe(expected.score);
      expect(incumbentsOf(view.history, view.audits).current).toBe(expected.incumbent);
      for (const undone of [undoneKeeps(view), rolledBack(rows, audits)]) expect(new Set(undone)).toEqual(new Set(expected.undone));
      expect(view.history.map(({ id }) => id)).toEqual(experiments.map(({ id }) => id));
      expect(state.nextId).toBe(Math.max(...experiments.map(({ id }) => id)) + 1);
      expect(checkOrder(records, { imported: false })).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

it('reads what an older version wrote with one experiment at a time: without kind, basis and incumbent, it comes to the same', () => {
  fc.assert(
    fc.property(fc.array(draw, { minLength: 1, maxLength: 40 }), (draws) => {
      const { records } = play(1, draws);
      const { experiments, audits } = partsOf(records);
      const rows = experiments.map(summarize);
      const older = rows.map(({ kind, basis: _basis, incumbent: _incumbent, ...rest }) => ({
        ...rest,
        ...(kind === 'control' && { control: true as const }),
      }));
      expect(completeSummaries(older, audits)).toEqual(rows);
    }),
  );
});

it('finds what cannot have happened: a number given twice, a basis that was never kept, another incumbent at the time', () => {
  fc.assert(
    fc.property(schedule, fc.nat(), fc.constantFrom('number', 'basis', 'incumbent', 'lost'), ([width, draws], place, what) => {
      const { records } = play(width, draws);
      const { experiments } = partsOf(records);
      const one = experiments[place % experiments.length];
      if (one === undefined || experiments.length < 2) return;
      const other = experiments.find(({ id }) => id !== one.id)?.id ?? 0;
      const forged: Record<typeof what, SettledExperiment[]> = {
        number: [{ ...one, id: other }],
        basis: [{ ...one, basis: { incumbent: one.basis.incumbent, commit: commitOf(777) }, parent: commitOf(777) }],
        incumbent: one.incumbent === null ? [] : [{ ...one, incumbent: { id: 555, score: 0 } }],
        lost: [],
      };
      const at = records.indexOf(one);
      const stopped = { v: 1, kind: 'stopped', at: '', outcome: 'stopped', reason: { code: 'X', text: '' } } as const;
      const highest = Math.max(...experiments.map(({ id }) => id));
      // What was in flight at the end is missing with reason; the last number has nothing after it that would miss it.
      if (forged[what].length === 0 && one.id === highest) return;
      const unused = Array.from({ length: highest }, (_, id) => id).filter((id) => !experiments.some((each) => each.id === id));
      const all = [...records.slice(0, at), ...forged[what], ...records.slice(at + 1), { ...stopped, unused }];
      expect(checkOrder([...records, { ...stopped, unused }], { imported: false })).toEqual([]);
      expect(checkOrder(all, { imported: false })).not.toEqual([]);
    }),
  );
});
