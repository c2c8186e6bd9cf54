import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { knobsIn } from '../../src/page/knobs.ts';
import { parametersOf } from '../../src/page/parameters.ts';
import { makeSummary } from '../../src/testing.ts';
import { HOSTILE } from '../injection/hostile.ts';

const diffOf = (path: string, ...hunks: readonly string[]): string =>
  `diff --git a/${path} b/${path}\nindex 1111111..2222222 100644\n--- a/${path}\n+++ b/${path}\n${hunks.map((hunk) => `@@ -1,4 +1,4 @@ def main():\n${hunk}`).join('')}`;

describe('knobs in a diff', () => {
  it.each([
    ['train.py', '     # rate\n-    lr = 0.02  # was 0.01\n+    lr = 4e-2\n     x = f(lr)\n', [['lr', 0.04]]],
    ['train.py', '-DEPTH, OPT = 8, 1\n-OPT = "adam"\n+OPT = "muon"\n-LAYERS = [1, 2]\n+LAYERS = [1]\n', [['OPT', 'muon']]],
    ['a.yaml', ' model:\n   size: 3\n-  rate: 1e-3\n+  rate: 2e-3\n', [['model.rate', 0.002]]],
    ['train.mjs', '-const USE_BIAS = false;\n+const USE_BIAS = true;\n', [['USE_BIAS', true]]],
    ['train.cu', '-#define BLOCK 128\n+#define BLOCK 256\n', [['BLOCK', 256]]],
    // Nothing is turned: it is new, gone, of another type, or the same value written in another way.
    ['train.py', '+NEW = 3\n', []],
    ['train.py', '-OLD = 3\n', []],
    ['train.py', '-A = 3\n+A = "three"\n', []],
    ['train.py', '-A = 1000\n+A = 1_000\n', []],
    ['notes.unknown', '-A: 3\n+A: 4\n', []],
  ])('of %s: %j', (path, hunk, expected) => {
    expect(knobsIn(diffOf(path, hunk)).map(({ path: file, name, value }) => ({ path: file, name, value }))).toEqual(
      expected.map(([name, value]) => ({ path, name, value })),
    );
  });

  it('leave out a name that is turned in two places', () => {
    expect(knobsIn(diffOf('a.py', '-lr = 1\n+lr = 2\n', '-lr = 5\n+lr = 6\n-n = 1\n+n = 2\n'))).toEqual([
      { path: 'a.py', name: 'n', value: 2, before: 1 },
    ]);
  });

  it('are few, and never an error, in whatever a model writes', () => {
    const line = fc.oneof(fc.string(), fc.constantFrom(...HOSTILE, 'a = 1', 'b: 2', '"'.repeat(5000)));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('+', '-', ' '), line), { maxLength: 40 }), (lines) => {
        const diff = diffOf('a.py', lines.map(([mark, text]) => `${mark}${text}\n`).join(''));
        expect(knobsIn(diff).length).toBeLessThanOrEqual(20);
      }),
    );
    expect(knobsIn('')).toEqual([]);
  });

  it('are paths of parameters, together with those that agents name', () => {
    const knob = (path: string, name: string, value: number) => ({ path, name, value, before: 0 });
    const rows = [
      makeSummary({ id: 1, params: { LR: 0.1 } }),
      makeSummary({ id: 2, verdict: 'discard' }),
      makeSummary({ id: 3, kind: 'control' }),
    ].map((row) => (row.id === 1 ? row : { ...row, params: undefined }));
    const knobs = new Map([
      [2, [knob('train.py', 'LR', 0.2), knob('train.py', 'DEPTH', 8), knob('model.py', 'DEPTH', 4)]],
      [3, [knob('train.py', 'LR', 9)]],
    ]);
    const found = parametersOf(rows as never, knobs);
    expect(found.map(({ name, points }) => [name, points.map(([id, value]) => [id, value])])).toEqual([
      ['DEPTH (model.py)', [[2, 4]]],
      ['DEPTH (train.py)', [[2, 8]]],
      [
        'LR',
        [
          [1, 0.1],
          [2, 0.2],
        ],
      ],
    ]);
  });
});
