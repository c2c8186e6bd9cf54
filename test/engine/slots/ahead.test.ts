import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planAhead, yieldOf, type Pacing } from '../../../src/engine/slots/ahead.ts';

const USUAL: Pacing = { slots: 4, agents: 4, proposal: 120, trial: 300, keepRate: 0.15, survival: { mean: 0.9 }, most: 2 };
const pacing: fc.Arbitrary<Pacing> = fc.record({
  slots: fc.integer({ min: 1, max: 32 }),
  agents: fc.integer({ min: 1, max: 32 }),
  proposal: fc.double({ min: 0, max: 2000, noNaN: true }),
  trial: fc.double({ min: 1, max: 2000, noNaN: true }),
  keepRate: fc.double({ min: 0, max: 1, noNaN: true }),
  survival: fc.record({ mean: fc.double({ min: 0.01, max: 1, noNaN: true }) }),
  most: fc.integer({ min: 0, max: 3 }),
});

describe('the plan', () => {
  it('fills all slots and proposes one ahead where most gains survive', () => {
    expect(planAhead(USUAL)).toEqual({ lookahead: 1, width: 4 });
  });

  it('is narrower where keeps spoil what is in flight', () => {
    const spoilt = planAhead({ ...USUAL, slots: 32, agents: 32, keepRate: 0.5, survival: { mean: 0.1 } });
    expect(spoilt.width).toBeLessThan(8);
  });

  it('proposes nothing ahead that takes no time, and fills no slot that agents cannot feed', () => {
    expect(planAhead({ ...USUAL, proposal: 0 }).lookahead).toBe(0);
    expect(planAhead({ ...USUAL, slots: 16, agents: 1, proposal: 300 }).width).toBeLessThanOrEqual(2);
  });

  it('stays within what there is, and is as good as any other', () => {
    fc.assert(
      fc.property(pacing, fc.nat(31), fc.nat(3), (facts, width, lookahead) => {
        const plan = planAhead(facts);
        expect(plan.width).toBeGreaterThanOrEqual(1);
        expect(plan.width).toBeLessThanOrEqual(facts.slots);
        expect(plan.lookahead).toBeLessThanOrEqual(facts.most);
        const other = { width: 1 + (width % facts.slots), lookahead: lookahead % (facts.most + 1) };
        expect(yieldOf(facts, plan)).toBeGreaterThanOrEqual(yieldOf(facts, other) * (1 - 1e-6));
      }),
    );
  });

  it('is never narrower where more gains survive', () => {
    fc.assert(
      fc.property(pacing, fc.double({ min: 0.01, max: 1, noNaN: true }), (facts, other) => {
        const [less, more] = [facts.survival.mean, other].toSorted((a, b) => a - b);
        const most = { ...facts, most: 0 };
        const at = (mean = 1) => planAhead({ ...most, survival: { mean } }).width;
        expect(at(more)).toBeGreaterThanOrEqual(at(less));
      }),
    );
  });
});
