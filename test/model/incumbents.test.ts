import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confirms, IncumbentCommits, Incumbents, incumbentsOf, rollbackTarget } from '../../src/model/incumbents.ts';
import { makeAudit } from '../../src/testing.ts';

const named = (id: number) => ({ id, commit: `c${id}` });
const rollback = (final: number, anchor: number, back?: number) => ({
  rolledBack: true,
  final: named(final),
  anchor: named(anchor),
  ...(back !== undefined && { back: named(back) }),
});
const keeps = (...ids: number[]) => ids.map((id) => ({ id, verdict: 'keep' as const }));

describe('an audit', () => {
  it('confirms a commit only if it neither rolled back, nor failed, nor showed a loss, and could be done', () => {
    const { claim } = makeAudit();
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.subarray(['a guard failed']),
        fc.constantFrom('gain' as const, 'loss' as const, 'none' as const),
        fc.nat(2),
        (rolledBack, failures, shown, df) => {
          const audit = makeAudit({ rolledBack, failures, claim: { ...claim, shown, df } });
          expect(confirms(audit)).toBe(!(rolledBack || failures.length > 0 || shown === 'loss' || df === 0));
        },
      ),
    );
  });

  it('goes back to where it says, else to its anchor', () => {
    expect(rollbackTarget(rollback(3, 0, 2))).toEqual(named(2));
    expect(rollbackTarget(rollback(3, 0))).toEqual(named(0));
  });
});

describe('the incumbents', () => {
  it('stay where an audit rolls nothing back, or goes back to what was never kept', () => {
    const incumbents = new Incumbents();
    for (const keep of keeps(0, 1, 2)) incumbents.settle(keep);
    incumbents.audit({ ...rollback(2, 0), rolledBack: false });
    incumbents.audit(rollback(2, 7));
    expect([incumbents.current, [...incumbents.undone]]).toEqual([2, []]);
    incumbents.audit(rollback(2, 0));
    expect([incumbents.current, [...incumbents.undone]]).toEqual([0, [1, 2]]);
  });

  it('of a history are those after each audit came to its experiment, also where two audited the same', () => {
    const found = incumbentsOf(keeps(0, 3, 1, 2), [rollback(3, 0), rollback(3, 0), rollback(2, 1)]);
    expect([found.current, [...found.undone]]).toEqual([1, [3, 2]]);
  });

  it('take an audit of an experiment that is not in the history as one of its beginning', () => {
    const found = incumbentsOf(keeps(0, 1, 2), [rollback(9, 0)]);
    expect([found.current, [...found.undone]]).toEqual([2, []]);
  });
});

it('tells the commit of the incumbent that each experiment was compared with, else what it was made on', () => {
  const commits = new IncumbentCommits();
  const follow = (id: number, verdict: 'keep' | 'discard', incumbent: number | null) =>
    commits.follow({ id, verdict, candidate: `c${id}`, incumbent, parent: `parent of ${id}` });
  expect(follow(0, 'keep', null)).toBe('parent of 0');
  expect(follow(1, 'discard', 0)).toBe('c0');
  expect(follow(2, 'keep', 0)).toBe('c0');
  expect(follow(3, 'discard', 2)).toBe('c2');
  expect(follow(4, 'discard', 1)).toBe('parent of 4');
  expect(follow(5, 'discard', null)).toBe('parent of 5');
});
