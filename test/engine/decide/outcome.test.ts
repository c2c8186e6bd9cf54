import { describe, expect, it } from 'vitest';
import { collectJudgements } from '../../../src/engine/decide/judgements.ts';
import { crashOf } from '../../../src/engine/decide/outcome.ts';
import { AutoresearchError } from '../../../src/errors.ts';
import { ReasonError, type Judgement } from '../../../src/plugin.ts';

describe('the reason of a crash', () => {
  it('is that which a plugin gives', () => {
    expect(crashOf(new ReasonError('NO_OBJECTIVE', 'no score'))).toEqual({ code: 'NO_OBJECTIVE', text: 'no score' });
  });

  it('names the plugin that failed, and the option it is about', () => {
    const failed = (path?: string) =>
      crashOf(new AutoresearchError('PLUGIN_FAILED', 'is no number', { plugin: 'goal', hook: 'score', ...(path && { path }) }));
    expect(failed()).toEqual({ code: 'PLUGIN_FAILED', text: '[plugin goal] score: is no number' });
    expect(failed('/with/metric').text).toBe('[plugin goal] score: is no number (/with/metric)');
  });

  it('is none where something else went wrong: that ends the run', () => {
    for (const error of [new AutoresearchError('USAGE', 'wrong'), new TypeError('wrong'), 'wrong', undefined]) {
      let thrown: unknown = null;
      try {
        crashOf(error);
      } catch (caught) {
        thrown = caught;
      }
      expect(thrown).toBe(error);
    }
  });
});

describe('the judgements of a candidate', () => {
  const pass = { gate: 'g', outcome: 'pass', code: 'OK', reason: '', evidence: { z: [1] } } as const;

  it('begin with the constraints that it does not meet, each of which is a failure', () => {
    const reasons = ['memory is 9 and must be below 8', 'accuracy fell'];
    expect(collectJudgements({ violations: reasons }).given).toEqual(
      reasons.map((reason) => ({ gate: 'objective', outcome: 'fail', code: 'CONSTRAINT', reason })),
    );
    expect(collectJudgements({}).given).toEqual([]);
  });

  it('are seen by each gate as they were when it asked, and changed by none', () => {
    const collected = collectJudgements({ violations: ['x'] });
    const before = collected.given;
    collected.add(pass);
    expect([before.length, collected.given.length, collected.list.length]).toEqual([1, 2, 2]);
    for (const list of [before, collected.given]) expect(() => (list as Judgement[]).push(pass)).toThrow(TypeError);
    for (const each of collected.given) expect(() => Object.assign(each, { outcome: 'pass' })).toThrow(TypeError);
    expect(() => Object.assign(collected.given[1]?.evidence?.['z'] ?? [], [2])).toThrow(TypeError);
  });
});
