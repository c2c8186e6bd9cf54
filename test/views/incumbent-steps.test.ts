import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summarize } from '../../src/model/summarize.ts';
import { claimOf, claimText } from '../../src/views/claim.ts';
import { incumbentSteps, rolledBack } from '../../src/views/incumbent-steps.ts';
import { totalsOf } from '../../src/views/rank.ts';
import { audits as anyAudits, history } from './arbitrary.ts';
import { noisyRun } from './noisy.ts';

const { experiments, audits, undone, drift } = noisyRun();
const rows = experiments.map(summarize);

describe('the course of the incumbent', () => {
  it('goes back where an audit did, and to the figure of a drift', () => {
    const course = incumbentSteps(rows, audits);
    const rollback = course.find(({ cause }) => cause === 'rollback');
    const back = audits[1]?.audit.back?.id;
    expect(rollback).toEqual({ after: undone.at(-1), id: back, score: rows.find(({ id }) => id === back)?.score, cause: 'rollback' });
    const at = course.findIndex(({ cause }) => cause === 'drift');
    expect(course[at]).toMatchObject({ after: drift, id: course[at - 1]?.id, score: rows[drift]?.score });
    expect(course.filter(({ cause }) => cause === 'keep').map(({ id }) => id)).toEqual(
      rows.filter(({ verdict }) => verdict === 'keep').map(({ id }) => id),
    );
  });

  it('names the keeps that a rollback took with it, and no others', () => {
    expect([...rolledBack(rows, audits)]).toEqual(undone);
    expect(undone.length).toBeGreaterThan(1);
    expect(rolledBack(rows, audits.slice(0, 1)).size).toBe(0);
  });

  it('takes any history and any audits', () => {
    fc.assert(
      fc.property(history, anyAudits, (list, found) => {
        const summaries = list.map(summarize);
        const known = new Set(summaries.map(({ id }) => id));
        for (const step of incumbentSteps(summaries, found)) expect(known.has(step.id)).toBe(true);
        expect(totalsOf(summaries, 'minimize', found).rolledBack).toBeLessThanOrEqual(
          summaries.filter(({ verdict }) => verdict === 'keep').length,
        );
      }),
    );
  });
});

describe('the claim', () => {
  it('is that of the last audit whose experiment still stands', () => {
    expect(claimOf(rows, audits, 'minimize')?.to).toBe(audits[2]?.audit.final.id);
    expect(claimOf(rows, audits.slice(0, 2), 'minimize')?.to).toBe(audits[0]?.audit.final.id);
    expect(claimOf(rows, audits.slice(1, 2), 'minimize')).toBeNull();
    const toBaseline = audits.slice(0, 2).map((record) => ({ ...record, audit: { ...record.audit, back: { id: 0, commit: '' } } }));
    expect(claimOf(rows, toBaseline, 'minimize')).toBeNull();
  });

  it('is a gain whichever way the objective points', () => {
    const mirrored = noisyRun(60, -1);
    const [low, high] = [claimOf(rows, audits, 'minimize'), claimOf(mirrored.experiments.map(summarize), mirrored.audits, 'maximize')];
    expect(low?.value).toBeGreaterThan(0);
    expect(low?.low).toBeLessThan(low?.value ?? 0);
    expect(high).toEqual(low);
  });

  it('says plainly when no gain is shown, and when it is a loss', () => {
    const claim = { value: 0.01, low: -0.02, high: 0.04 };
    expect(claimText({ ...claim, shown: 'none' }, 2)).toBe('no gain shown: 0.01 (95% -0.02 to 0.04)');
    expect(claimText({ value: 0.43, low: 0.41, high: 0.45, shown: 'gain' }, 2)).toBe('audited gain 0.43 (95% 0.41 to 0.45)');
    expect(claimText({ value: -0.02, low: -0.03, high: -0.01, shown: 'loss' }, 2)).toBe('audited loss 0.02 (95% 0.01 to 0.03)');
  });

  it('takes no number from an audit that could not be done', () => {
    const [first] = audits;
    if (first === undefined) throw new Error('the run has no audit');
    // Infinite bounds are null in the record.
    const claim = { value: 0, low: null as unknown as number, high: null as unknown as number, df: 0, shown: 'none' as const };
    const failed = { ...first, after: 8, audit: { ...first.audit, claim } };
    expect(claimOf(rows, [first, failed], 'minimize')).toEqual(claimOf(rows, [first], 'minimize'));
    expect(claimOf(rows, [failed], 'minimize')).toBeNull();
    expect(claimText(claim, 2)).toBe('no gain shown: too little was measured');
  });
});
