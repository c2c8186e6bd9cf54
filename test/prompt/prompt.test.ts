import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fenceLog } from '../../src/prompt/fence.ts';
import { digestHistory } from '../../src/prompt/history.ts';
import { makeExperiment, makeRunView, makeSummary } from '../../src/testing.ts';

const history = (count: number) =>
  Array.from({ length: count }, (_, id) =>
    makeSummary({
      id,
      title: `change ${id}`,
      verdict: id % 7 === 0 ? 'keep' : id % 5 === 0 ? 'crash' : 'discard',
      score: id % 5 === 0 && id % 7 !== 0 ? null : 1,
    }),
  );

describe('the digest of the history', () => {
  it('keeps within its tokens, tells each experiment at most once, and says how many it leaves out', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 3000 }), (count, tokens) => {
        const text = digestHistory(makeRunView({ history: history(count) }), tokens);
        const ids = [...text.matchAll(/^- #(\d+) /gm)].map(([, id]) => Number(id));
        expect(new Set(ids).size).toBe(ids.length);
        expect(text.length).toBeLessThanOrEqual(tokens * 4 + 250);
        const leftOut = Number(/\((\d+) more (?:is|are) left out\.\)$/.exec(text)?.[1] ?? 0);
        if (ids.length > 0) expect(ids.length + leftOut).toBe(count);
      }),
    );
  });

  it('tells keeps before what was tried on the present best, close calls and failures', () => {
    const best = makeExperiment({ id: 3, candidate: '3'.repeat(40) });
    const run = makeRunView({
      incumbent: best,
      noise: { sigma: 0.1, df: 2, source: 'repeats' },
      history: [
        makeSummary({ id: 1, verdict: 'discard', delta: 0.15, title: 'close' }),
        makeSummary({ id: 2, verdict: 'discard', delta: 9, title: 'far' }),
        makeSummary({ id: 3, verdict: 'keep', title: 'kept' }),
        makeSummary({ id: 4, verdict: 'crash', score: null, delta: null, title: 'broke' }),
        makeSummary({ id: 5, verdict: 'discard', parent: '3'.repeat(40), title: 'here' }),
        makeSummary({ id: 6, kind: 'control', title: 'control' }),
      ],
    });
    expect(digestHistory(run, 4000).replaceAll(/ — .*/g, '')).toBe(
      [
        'Kept:\n- #3 keep 1.1 (+0.1): kept',
        'Tried on the present best:\n- #5 discard 1.1 (+0.1): here',
        'Discarded, but close:\n- #1 discard 1.1 (+0.15): close',
        'Crashed or refused:\n- #4 crash: broke',
        'Others, the last ones:\n- #2 discard 1.1 (+9): far',
      ].join('\n\n'),
    );
  });
});

describe('a log in a prompt', () => {
  it('cannot leave its fence, and shows its end', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('`', '```', '\n', 'a', '````json\n', '\u001b[31m'), { maxLength: 200 }), (parts) => {
        const log = parts.join('');
        const text = fenceLog(log, 50);
        if (text === '') return;
        const [, fence = '', inside = ''] = /\n\n(`+)text\n([\s\S]*)\n\1$/.exec(text) ?? [];
        expect(fence.length).toBeGreaterThan(2);
        expect(inside).not.toContain(fence);
        expect(text).not.toContain('\u001b');
      }),
    );
    expect(fenceLog(`${'x'.repeat(100)}the end`, 10)).toContain('xxxthe end');
  });
});
